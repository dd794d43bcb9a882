from datetime import UTC, datetime, timedelta

import pytest

from generator.database import clocks, history, runs
from generator.errors import WrongClock
from generator.ingest import refresh
from scrapers import captures
from scrapers.captures import Capture, Request
from tests.generator.answers import NOW, UNREACHABLE, Answers, add_catalogue, module, recorded, run
from tests.sampling import sample
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
THREE = ("nimbus", "kestrel", "osprey")


@pytest.fixture
def answers():
    with Answers() as server:
        yield server


@pytest.fixture
def catalogue(connection):
    add_catalogue(connection, *THREE)
    return connection


@pytest.fixture
def now():
    """The time of this machine and of the database server."""
    return datetime.now(UTC).replace(microsecond=0)


def three(answers, *wrong, date):
    """Three providers with a price each; the servers of some have a wrong clock."""
    for slug in THREE:
        answers.plans(slug, 2)
    answers.dates = {f"/{slug}": date for slug in wrong}
    return [module(slug, answers.url) for slug in THREE]


def checked(connection, *modules, now, **options):
    return run(connection, *modules, now=now, is_clock_known=False, **options)


def stored(connection):
    """The number of rows that runs have left."""
    tables = ("runs", "scrape_jobs", "captures", "instances", "price_history")
    return sum(samples.one(connection, f"select count(*) from {table}") for table in tables)


@pytest.mark.parametrize("off", [-50 * YEAR, -HOUR, HOUR, 10 * YEAR])
def test_a_clock_that_is_not_the_database_servers_is_refused(off, catalogue, answers, now):
    with pytest.raises(
        WrongClock, match=r"machine's clock says .* UTC, the database server's .* UTC; nothing was done"
    ):
        checked(catalogue, *three(answers, date=now), now=now + off)
    assert (stored(catalogue), answers.asked) == (0, {})


@pytest.mark.parametrize("off", sample([HOUR, -HOUR, -10 * YEAR, 10 * YEAR], 1))
def test_a_clock_that_the_answers_contradict_is_refused_and_nothing_is_stored(off, catalogue, answers, now):
    partitions = samples.one(catalogue, "select count(*) from pg_class where relname like 'price_history_2%%'")
    with pytest.raises(
        WrongClock, match=r"says .* UTC, the answer of nimbus and 2 more .* UTC; nothing was stored: set"
    ):
        checked(catalogue, *three(answers, *THREE, date=now + off), now=now, source="live")
    assert stored(catalogue) == 0
    assert samples.one(catalogue, "select count(*) from pg_class where relname like 'price_history_2%%'") == partitions


@pytest.mark.parametrize("wrong", THREE)
def test_one_wrong_server_among_right_ones_stops_nothing(wrong, catalogue, answers, now):
    report = checked(catalogue, *three(answers, wrong, date=now - YEAR), now=now)
    assert [(one.state, one.problem) for one in report.outcomes] == [("live", "")] * 3
    assert samples.one(catalogue, "select count(*) from confirmations where last_confirmed_at = %s", now) == 3


@pytest.mark.parametrize(("asked", "wrong", "is_believed"), [(2, 1, True), (3, 2, False), (1, 1, False)])
def test_a_clock_is_trusted_when_as_many_agree_as_disagree(asked, wrong, is_believed, catalogue, answers, now):
    modules = three(answers, *THREE[:wrong], date=now - YEAR)[:asked]
    if is_believed:
        assert checked(catalogue, *modules, now=now).failed == ()
    else:
        with pytest.raises(WrongClock):
            checked(catalogue, *modules, now=now)
    assert (stored(catalogue) > 0) is is_believed


def test_an_answer_from_a_cache_is_as_old_as_the_cache_says(catalogue, answers, now):
    answers.plans("nimbus", 2)
    answers.dates, answers.ages = {"/nimbus": now - 5 * HOUR}, {"/nimbus": 5 * 3600}
    assert checked(catalogue, module("nimbus", answers.url), now=now).failed == ()
    assert samples.one(catalogue, "select max(last_confirmed_at) from confirmations") == now


def test_an_answer_that_did_not_change_has_the_date_at_which_it_was_confirmed(catalogue, now):
    with Answers(tags=True) as answers:
        answers.plans("nimbus", 2)
        checked(catalogue, module("nimbus", answers.url), now=now - timedelta(minutes=9))
        answers.dates = {"/nimbus": now - 2 * HOUR}
        with pytest.raises(WrongClock, match="the answer of nimbus"):
            checked(catalogue, module("nimbus", answers.url), now=now, force=True)
        assert answers.spared == {"/nimbus": 1}


def test_without_a_network_no_server_has_to_confirm_the_clock(catalogue, now, monkeypatch):
    nimbus = module("nimbus", UNREACHABLE)
    monkeypatch.setattr(captures, "recording", {"nimbus": recorded(nimbus, 2)}.get)
    assert [one.state for one in checked(catalogue, nimbus, now=now).outcomes] == ["recorded"]
    assert [one.state for one in checked(catalogue, nimbus, now=now, source="recorded").outcomes] == ["recorded"]


def test_certificates_that_are_not_valid_now_contradict_the_clock(now):
    witnesses = clocks.Witnesses(now)
    assert witnesses.let_through(refused("nimbus", now, "tls_date")) == []
    with pytest.raises(WrongClock, match="at which the certificates of 1 provider are not valid; nothing was stored"):
        witnesses.rest()
    assert len(clocks.Witnesses(now, is_believed=True).let_through(refused("nimbus", now, "tls_date"))) == 1


def refused(slug, now, code):
    provider = module(slug, UNREACHABLE).PROVIDER
    return refresh.Scraped(provider, now, now, error=refresh.SourceUnavailable(slug, "no secure connection", code=code))


@pytest.mark.parametrize("source", ["auto", "live", "recorded"])
def test_a_clock_behind_the_stored_prices_is_refused_unless_an_answer_confirms_it(source, catalogue, answers, now):
    run(catalogue, *three(answers, date=now), now=now + 2 * HOUR)
    before = stored(catalogue)
    with pytest.raises(
        WrongClock, match=r"though prices from .* UTC are stored, and no answer says which is right; noth"
    ):
        checked(catalogue, module("nimbus", UNREACHABLE), now=now, source=source)
    assert stored(catalogue) == before


def test_a_clock_behind_the_stored_prices_that_answers_confirm_brings_the_prices_back(catalogue, answers, now):
    run(catalogue, *three(answers, date=now), now=now + 10 * YEAR)
    report = checked(catalogue, *three(answers, date=now), now=now)
    assert (report.later_until, len(report.outcomes), report.as_of) == (now + 10 * YEAR, 3, now)
    assert samples.one(catalogue, "select count(*) from confirmations where last_confirmed_at = %s", now) == 3
    assert checked(catalogue, *three(answers, date=now), now=now).later_until is None


AHEAD = [2 * HOUR, timedelta(days=40), 10 * YEAR]
THEN_AND_NOW = {
    "the same": ([2, 3], [2, 3]),
    "a price that moved back": ([2, 4], [2, 3]),
    "a price that moved": ([2, 3], [2, 4]),
    "a price that moved twice": ([2, 4], [2, 5]),
    "an offer that came and went": ([2, 3, 4], [2, 3]),
    "an offer that went and came": ([2], [2, 3]),
    "an offer that went": ([2, 3], [2]),
    "a price held back": ([2, 3], [2, 30]),
    "a price held back then": ([2, 30], [2, 30]),
}


def all_times(connection):
    """Every instant in the tables that runs write."""
    columns = connection.execute(
        "select table_name, column_name from information_schema.columns join information_schema.tables"
        " using (table_schema, table_name) where table_schema = 'cloudgpus' and data_type like 'timestamp%%'"
        " and table_type = 'BASE TABLE' and column_name not in ('created_at', 'updated_at', 'applied_at')"
    ).fetchall()
    for table, column in columns:
        newest = samples.one(connection, f"select nullif(max({column}), '-infinity') from {table}")
        if newest:
            yield f"{table}.{column}", newest


@pytest.mark.parametrize("ahead", sample(AHEAD, 1))
@pytest.mark.parametrize("what", sample(THEN_AND_NOW, 3))
def test_live_answers_replace_what_a_clock_ahead_has_dated(what, ahead, catalogue, answers):
    nimbus, now = module("nimbus", answers.url), NOW + 6 * HOUR
    for prices, at in zip(([2, 3], *THEN_AND_NOW[what]), (NOW, now + ahead, now), strict=True):
        answers.plans("nimbus", *prices)
        report = run(catalogue, nimbus, now=at)
        assert report.skipped == ()
    assert report.later_until == now + ahead
    assert {name: at for name, at in all_times(catalogue) if at > now and not name.startswith(("runs", "builds"))} == {}
    assert history.rebuild_rollup(catalogue, now, keep=False) == []
    shown = "select instance_type, price_per_hour::int from offers_at(%s) order by 1"
    undisputed = [(f"plan-{n}", price) for n, price in enumerate(THEN_AND_NOW[what][1]) if price < 30]
    assert [one for one in catalogue.execute(shown, [now]) if one in undisputed] == undisputed
    standing = "select count(*) from price_history where valid_to is null and recorded_at <= %s"
    assert samples.one(catalogue, standing, now) >= len(undisputed)
    assert runs.last_as_of(catalogue) == now


def test_prices_from_before_a_clock_was_ahead_stay_as_they_were(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    for price, hours in ((2, 0), (3, 3), (4, 8), (3, 6)):
        answers.plans("nimbus", price)
        run(catalogue, nimbus, now=samples.after(hours))
    assert samples.segments(catalogue, "plan-0") == [(2, 0, 3, 0), (3, 3, 6, 3), (3, 6, None, None)]


def test_what_was_held_back_while_a_clock_was_ahead_is_released_by_a_second_answer(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    for hours, *prices in ((0, 2, 3), (9000, 2, 9), (1, 2, 9), (2, 2, 9)):
        answers.plans("nimbus", *prices)
        held = run(catalogue, nimbus, now=NOW + hours * HOUR).outcomes[0].held_back
    assert held == 0
    assert samples.one(catalogue, "select max(price_per_hour) from instances") == 9


@pytest.mark.parametrize("prices", [[9] * 10, [2] * 2], ids=["all prices jumped", "fewer offers"])
def test_an_answer_held_back_while_a_clock_was_ahead_is_released_by_a_second_one(prices, catalogue, answers):
    nimbus = module("nimbus", answers.url)
    answers.plans("nimbus", *[2] * 10)
    run(catalogue, nimbus)
    answers.plans("nimbus", *prices)
    for hours in (90000, 1, 2):
        failed = run(catalogue, nimbus, now=NOW + hours * HOUR, force=True).failed
    assert failed == ()
    assert samples.one(catalogue, "select count(*) from instances where is_active") == len(prices)


def test_a_provider_that_fails_keeps_prices_dated_by_a_clock_ahead_but_hides_them(catalogue, answers):
    run(catalogue, *three(answers, date=NOW), now=NOW + YEAR)
    del answers.bodies["/kestrel"]
    modules = [module(slug, answers.url) for slug in THREE]
    report = run(catalogue, *modules, now=NOW)
    shown = "select provider_slug from offers_at(%s) order by 1"
    assert [slug for (slug,) in catalogue.execute(shown, [report.as_of])] == ["nimbus", "osprey"]
    answers.plans("kestrel", 2)
    assert run(catalogue, *modules, now=NOW + HOUR / 2).skipped == ("nimbus", "osprey")
    assert [slug for (slug,) in catalogue.execute(shown, [NOW + HOUR])] == ["kestrel", "nimbus", "osprey"]


DATES = {
    "Tue, 22 Aug 2026 04:00:00 GMT": datetime(2026, 8, 22, 4, tzinfo=UTC),
    "Tue, 22 Aug 2026 04:00:00 -0000": datetime(2026, 8, 22, 4, tzinfo=UTC),
    "yesterday": None,
    "": None,
    "Fri, 31 Dec 9999 23:59:59 GMT": None,
}


@pytest.mark.parametrize("date", DATES)
def test_an_unreadable_date_says_nothing(date):
    headers = {"date": date, "age": "0" if DATES[date] else "60"}
    capture = Capture("nimbus", Request(UNREACHABLE), 200, NOW, "text/html", b"", headers)
    assert clocks.stated_date(capture) == DATES[date]
    assert clocks.stated_date(Capture("nimbus", Request(UNREACHABLE), 200, NOW, "", b"")) is None
