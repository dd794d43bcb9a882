import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from psycopg import sql

from generator.database import db, runs
from generator.errors import BuildError, DatabaseUnreachable
from generator.ingest import interpretation, outcome, quarantine, refresh, store
from scrapers import captures
from scrapers.errors import ImplausibleOffers
from tests.generator.answers import NOW, UNREACHABLE, Answers, add_catalogue, module, recorded, run
from tests.scrapers.made_up import parsing, stuck
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


@pytest.fixture
def answers():
    with Answers() as server:
        yield server


@pytest.fixture
def catalogue(connection):
    add_catalogue(connection, "nimbus", "kestrel")
    return connection


@pytest.fixture
def recordings(monkeypatch):
    """The shipped recordings, by provider; a test fills them in."""
    shipped = {}
    monkeypatch.setattr(captures, "recording", shipped.get)
    return shipped


def prices(connection):
    rows = connection.execute(
        "select p.slug, i.instance_type, i.price_per_hour::float8, i.is_recorded from instances i"
        " join providers p on p.id = i.provider_id where i.is_active order by 1, 2"
    )
    return [(slug, price, is_recorded) for slug, _, price, is_recorded in rows]


def jobs(connection):
    return connection.execute(
        "select p.slug, j.status::text, j.error_code, j.instances_found from scrape_jobs j"
        " join providers p on p.id = j.provider_id order by j.started_at, j.status desc, 1"
    ).fetchall()


def test_a_live_answer_is_stored_with_its_job_and_its_capture(catalogue, answers):
    answers.plans("nimbus", 2.5, 3)
    report = run(catalogue, module("nimbus", answers.url), source="live")
    (outcome,) = report.outcomes
    assert (outcome.state, outcome.found, outcome.created, report.failed) == ("live", 2, 2, ())
    assert prices(catalogue) == [("nimbus", 2.5, False), ("nimbus", 3, False)]
    assert jobs(catalogue) == [("nimbus", "completed", None, 2)]
    row = catalogue.execute("select url, status, is_recorded from captures").fetchone()
    assert row == (f"{answers.url}/nimbus", 200, False)
    assert (report.as_of, runs.last_as_of(catalogue)) == (NOW, NOW)


BAD = {
    "truncated JSON": (b'[{"id": "plan-0", "gpu": "H1', "changed"),
    "HTML instead of JSON": (b"<!doctype html><title>Sorry</title>", "changed"),
    "an empty list": (b"[]", "implausible"),
    "an empty answer": (b"", "changed"),
    "another shape": (b'{"error": "maintenance"}', "changed"),
    "prices beyond reason": (
        b'[{"id": "plan-0", "gpu": "H100 SXM", "hourly": 250}, {"id": "plan-1", "gpu": "H100 SXM", "hourly": 250}]',
        "many_price_band",
    ),
    "negative prices": (
        b'[{"id": "plan-0", "gpu": "H100 SXM", "hourly": -2}, {"id": "plan-1", "gpu": "H100 SXM", "hourly": -3}]',
        "many_unreadable",
    ),
    "unknown names only": (b'[{"id": "plan-0", "gpu": "H900 SXM", "hourly": 2}]', "unknown_names"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_malformed_answer_stops_its_own_provider_only(what, catalogue, answers):
    nimbus, kestrel = module("nimbus", answers.url), module("kestrel", answers.url)
    answers.plans("nimbus", 2.5)
    answers.plans("kestrel", 3)
    run(catalogue, nimbus, kestrel, source="live")

    answers.bodies["/nimbus"], code = BAD[what]
    answers.plans("kestrel", 4)
    report = run(catalogue, nimbus, kestrel, source="auto", now=NOW + 2 * HOUR)
    (failed,) = report.failed
    assert (failed.provider, failed.state) == ("nimbus", "kept")
    assert failed.problem.startswith("nimbus: ")
    assert "\n" not in failed.problem
    assert prices(catalogue) == [("kestrel", 4, False), ("nimbus", 2.5, False)]
    assert failed.error_code in {code, "no_offers"}
    assert ("nimbus", "failed", failed.error_code, 0) in jobs(catalogue)


def counts(connection, *tables):
    return [samples.one(connection, f"select count(*) from {table}") for table in tables]


def test_far_more_offers_than_are_stored_leave_only_the_job_and_its_answer(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    answers.plans("nimbus", 2, 3)
    run(catalogue, nimbus, source="live")
    plans = json.loads(answers.bodies["/nimbus"])
    odd = [{"id": f"odd-{n}", "gpu": f"H900 {n}" if n % 2 else "H100 SXM", "hourly": 900} for n in range(800)]
    answers.bodies["/nimbus"] = json.dumps(plans + odd + [{"id": "none"}] * 100).encode()
    (failed,) = run(catalogue, nimbus, source="live", now=NOW + HOUR).failed
    assert (failed.error_code, failed.state, failed.held_back, failed.unmapped_n) == ("more_offers", "kept", 1, 0)
    assert failed.problem == (
        f"nimbus: 502 offers of known GPUs in {answers.url}; the last run had 2. Has the response changed? "
        "It waits for a second answer that agrees, or an editor: build.py sources quarantine"
    )
    assert prices(catalogue) == [("nimbus", 2, False), ("nimbus", 3, False)]
    assert counts(catalogue, "quarantine", "unmapped_gpu_names", "scrape_jobs", "captures") == [1, 0, 2, 2]
    assert samples.one(catalogue, "select max(length(report::text)) from scrape_jobs") < 1000


@pytest.mark.parametrize(("first", "then", "code"), [(2, 300, "more_offers"), (10, 4, "fewer_offers")])
def test_another_number_of_offers_is_stored_when_a_second_answer_has_about_as_many(
    first, then, code, catalogue, answers
):
    nimbus = module("nimbus", answers.url)
    answers.plans("nimbus", *[2] * first)
    run(catalogue, nimbus, source="live")
    answers.plans("nimbus", *[2] * then)
    for minutes, passes in ((60, False), (89, False), (90, True)):
        report = run(catalogue, nimbus, source="live", now=NOW + timedelta(minutes=minutes))
        assert [one.error_code for one in report.failed] == ([] if passes else [code])
        assert len(prices(catalogue)) == (then if passes else first)
    assert samples.one(catalogue, "select decided_by from quarantine") == "a second answer"
    assert run(catalogue, nimbus, source="live", now=NOW + 2 * HOUR).failed == ()


def test_a_number_of_offers_that_comes_and_goes_waits_each_time(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    hours = iter(range(20))

    def answer(number):
        answers.plans("nimbus", *[2] * number)
        report = run(catalogue, nimbus, source="live", now=NOW + next(hours) * HOUR)
        return report.outcomes[0].error_code

    assert [answer(number) for number in (3, 300, 3, 300, 300)] == [None, "more_offers", None, "more_offers", None]
    assert [answer(number) for number in (3, 3, 300, 300)] == ["fewer_offers", None, "more_offers", None]


def test_a_flood_does_not_touch_the_prices_that_are_held_back(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    answers.plans("nimbus", *[2] * 9)
    run(catalogue, nimbus, source="live")
    answers.plans("nimbus", *[2] * 8, 9)
    run(catalogue, nimbus, source="live", now=NOW + HOUR)
    answers.plans("nimbus", *[2] * 300)
    run(catalogue, nimbus, source="live", now=NOW + 2 * HOUR)
    waiting = "select instance_type, state from quarantine order by id"
    assert catalogue.execute(waiting).fetchall() == [("plan-8", "waiting"), ("", "waiting")]


def test_a_first_answer_may_have_some_thousands_of_offers_and_no_more(catalogue, answers, recordings):
    nimbus = module("nimbus", answers.url)
    recordings["nimbus"] = recorded(nimbus, 2)
    run(catalogue, nimbus, source="recorded")
    answers.plans("nimbus", *[2] * 5001)
    (failed,) = run(catalogue, nimbus, source="live", now=NOW).failed
    assert (failed.error_code, prices(catalogue)) == ("more_offers", [("nimbus", 2, True)])
    answers.plans("nimbus", *[2] * 600)
    assert run(catalogue, nimbus, source="live", now=NOW + HOUR).failed == ()


def test_unknown_names_of_an_answer_are_listed_up_to_a_thousand_those_of_most_offers_first(catalogue, answers):
    names = [f"H9{n:04}" for n in range(1500)] + ["H90000"]
    answers.bodies["/nimbus"] = json.dumps(
        [{"id": f"plan-{n}", "gpu": name, "hourly": 2} for n, name in enumerate(names)]
    ).encode()
    (failed,) = run(catalogue, module("nimbus", answers.url), source="live").failed
    assert (failed.error_code, failed.unmapped[0], len(failed.unmapped), failed.unmapped_n) == (
        "unknown_names", "H90000", 20, 1500,
    )  # fmt: skip
    assert counts(catalogue, "unmapped_gpu_names") == [1000]


def test_a_name_that_postgresql_can_not_store_costs_only_its_row(catalogue, answers):
    nimbus, kestrel = module("nimbus", answers.url), module("kestrel", answers.url)
    answers.plans("nimbus", *[2] * 9)
    answers.plans("kestrel", 3)
    odd = b', {"id": "a\\udfff", "gpu": "H100 SXM", "count": "x"}]'
    answers.bodies["/nimbus"] = answers.bodies["/nimbus"][:-1] + odd
    assert run(catalogue, nimbus, kestrel, source="live").failed == ()
    assert prices(catalogue) == [("kestrel", 3, False), *[("nimbus", 2, False)] * 9]
    assert samples.one(catalogue, "select count(*) from quarantine where instance_type = 'a?'") == 1


def test_a_parser_without_end_stops_its_own_provider_only(catalogue, answers):
    nimbus, kestrel = module("nimbus", answers.url, patience_seconds=5), module("kestrel", answers.url)
    stuck(nimbus)
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    report = run(catalogue, nimbus, kestrel, source="live")
    assert [one.problem for one in report.failed] == ["nimbus: its answer was not fetched and read within 5 s"]
    assert prices(catalogue) == [("kestrel", 3, False)]
    assert ("nimbus", "timeout", "timeout", 0) in jobs(catalogue)
    assert samples.one(catalogue, "select count(*) from captures") == 2


def test_what_the_database_refuses_stops_its_own_provider_only(catalogue, answers, monkeypatch):
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    stored = store.store

    def refusing(connection, provider_run):
        if provider_run.provider == "nimbus" and provider_run.status == "completed":
            raise ImplausibleOffers("nimbus", "the database refuses an offer: too long")
        return stored(connection, provider_run)

    monkeypatch.setattr(store, "store", refusing)
    report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    assert [one.provider for one in report.failed] == ["nimbus"]
    assert prices(catalogue) == [("kestrel", 3, False)]
    assert ("nimbus", "failed", "implausible", 0) in jobs(catalogue)


@contextmanager
def locked(database_url, statement):
    """Another session that holds what `statement` locks."""
    with psycopg.connect(database_url) as other:
        other.execute("set search_path = cloudgpus")
        other.execute(statement)
        yield


TURN = "select from providers where slug = 'nimbus' for update"
ROWS = "select from instances where provider_id = (select id from providers where slug = 'nimbus') for update"


def impatient(monkeypatch, **limits):
    """Every transaction's limits, in milliseconds."""
    stated = "".join(f"; set local {name} = {value}" for name, value in limits.items())
    monkeypatch.setattr(db, "_SETTINGS", sql.SQL(db._SETTINGS.as_string() + stated))


@pytest.mark.parametrize(
    ("limit", "milliseconds", "says"),
    [("lock_timeout", 200, "due to lock timeout"), ("statement_timeout", 2000, "due to statement timeout")],
)
def test_a_time_out_while_storing_is_its_own_providers_failure(
    limit, milliseconds, says, catalogue, answers, database_url, monkeypatch
):
    nimbus, kestrel = module("nimbus", answers.url), module("kestrel", answers.url)
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    run(catalogue, nimbus, kestrel, source="live")
    catalogue.commit()
    answers.plans("nimbus", 2.5)
    answers.plans("kestrel", 3.5)
    impatient(monkeypatch, **{limit: milliseconds})
    with locked(database_url, ROWS):
        report = run(catalogue, nimbus, kestrel, source="live", now=NOW + HOUR)
    (failed,) = report.failed
    assert (failed.provider, failed.state, failed.error_code) == ("nimbus", "kept", "database_busy")
    assert failed.problem.startswith("nimbus: the database did not take its offers: ")
    assert says in failed.problem
    assert prices(catalogue) == [("kestrel", 3.5, False), ("nimbus", 2, False)]
    assert ("nimbus", "failed", "database_busy", 0) in jobs(catalogue)
    assert run(catalogue, nimbus, source="live", now=NOW + 2 * HOUR).failed == ()
    assert prices(catalogue)[-1] == ("nimbus", 2.5, False)


def test_a_provider_whose_turn_does_not_come_is_named_and_leaves_no_job(catalogue, answers, database_url, monkeypatch):
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    impatient(monkeypatch, lock_timeout=200)
    with locked(database_url, TURN):
        report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    (failed,) = report.failed
    assert (failed.provider, failed.state, failed.error_code) == ("nimbus", "none", "database_busy")
    assert jobs(catalogue) == [("kestrel", "completed", None, 1)]


@pytest.mark.parametrize("name", ["store.nimbus", "migrations", "backup", "price_history"])
def test_an_advisory_lock_keeps_no_provider_from_being_stored(catalogue, answers, database_url, monkeypatch, name):
    answers.plans("nimbus", 2)
    impatient(monkeypatch, lock_timeout=200)
    with locked(database_url, f"select pg_advisory_xact_lock(hashtextextended('cloudgpus.{name}', 0))"):
        report = run(catalogue, module("nimbus", answers.url), source="live")
    assert report.failed == ()


def test_one_lock_costs_one_provider_its_patience_and_the_others_a_second(
    catalogue, answers, database_url, monkeypatch
):
    monkeypatch.setattr(db.Connection, "patience", "2s")
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 2)
    waited = []
    look = db._look
    monkeypatch.setattr(db, "_look", lambda waiting, found: waited.append(waiting.patience) or look(waiting, found))
    with locked(database_url, "lock table scrape_jobs in share mode"):
        report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    assert [one.error_code for one in report.failed] == ["database_busy"] * 2
    assert "the lock is held by" in report.failed[0].problem
    assert (waited[0], waited[-1], catalogue.patience) == ("2s", "1s", "2s")


def test_a_provider_that_waits_for_a_lock_names_who_holds_it(catalogue, answers, database_url, monkeypatch):
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    impatient(monkeypatch, lock_timeout=1500)
    with locked(f"{database_url}&application_name=desk", TURN):
        report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    (failed,) = report.failed
    assert 'lock timeout; the lock is held by "postgres" (process ' in failed.problem
    assert ", desk, since " in failed.problem
    assert prices(catalogue) == [("kestrel", 3, False)]


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_deadlock_while_storing_is_its_own_providers_failure(state, catalogue, answers, monkeypatch):
    stored = store._store_offers

    def losing(connection, provider_run, *ids):
        if provider_run.provider == "nimbus":
            connection.execute(f"do $$ begin raise exception 'overtaken' using errcode = '{state}'; end $$")
        return stored(connection, provider_run, *ids)

    monkeypatch.setattr(store, "_store_offers", losing)
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    assert [(one.provider, one.error_code) for one in report.failed] == [("nimbus", "database_busy")]
    assert prices(catalogue) == [("kestrel", 3, False)]
    assert ("nimbus", "failed", "database_busy", 0) in jobs(catalogue)


def test_a_lost_connection_ends_the_run(catalogue, answers, database_url, monkeypatch):
    def losing(connection, *_):
        connection.execute("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(store, "_store_offers", losing)
    answers.plans("nimbus", 2)
    with pytest.raises(DatabaseUnreachable), db.connect(database_url) as connection:
        run(connection, module("nimbus", answers.url), source="live")


def test_unknown_names_of_a_refused_answer_are_listed_and_leave_the_list_when_known(catalogue, answers):
    answers.plans("nimbus", 2, gpu="H900 SXM")
    nimbus = module("nimbus", answers.url)
    (outcome,) = run(catalogue, nimbus, source="live").outcomes
    assert outcome.unmapped == ("H900 SXM",)
    assert samples.one(catalogue, "select gpu_name from unmapped_gpu_names") == "H900 SXM"
    answers.plans("nimbus", 2)
    run(catalogue, nimbus, source="live")
    assert samples.one(catalogue, "select count(*) from unmapped_gpu_names") == 0


def test_a_provider_confirmed_within_the_hour_is_fetched_by_force_only(catalogue, answers):
    answers.plans("nimbus", 2)
    nimbus = module("nimbus", answers.url)
    run(catalogue, nimbus)
    assert run(catalogue, nimbus, now=NOW + HOUR / 2).skipped == ("nimbus",)
    assert answers.asked["/nimbus"] == 1
    assert run(catalogue, nimbus, now=NOW + HOUR / 2, force=True).skipped == ()
    assert run(catalogue, nimbus, now=NOW + 2 * HOUR).skipped == ()
    assert answers.asked["/nimbus"] == 3


def test_the_recording_stands_in_for_a_provider_that_can_not_be_reached(catalogue, recordings):
    nimbus = module("nimbus", UNREACHABLE)
    recordings["nimbus"] = recorded(nimbus, 2)
    report = run(catalogue, nimbus)
    (outcome,) = report.outcomes
    assert (outcome.state, outcome.error_code, outcome.is_failure) == ("recorded", "unreachable", False)
    assert prices(catalogue) == [("nimbus", 2, True)]
    assert [job[1] for job in jobs(catalogue)] == ["failed", "completed"]
    assert report.as_of == recordings["nimbus"].recorded_at


def test_a_second_run_without_a_network_keeps_what_is_stored(catalogue, recordings):
    nimbus = module("nimbus", UNREACHABLE)
    recordings["nimbus"] = recorded(nimbus, 2)
    first = run(catalogue, nimbus)
    second = run(catalogue, nimbus, now=NOW + 2 * HOUR)
    assert (second.outcomes[0].state, second.failed, second.as_of) == ("kept", (), first.as_of)


@pytest.mark.parametrize("days", [-10, -30])
def test_the_shipped_recording_replaces_one_of_its_time_or_later(days, catalogue, recordings):
    """An edited recording moves no price, and may have lost most of its errors."""
    nimbus = module("nimbus", UNREACHABLE)
    recordings["nimbus"] = recorded(nimbus, 2, 3, 4, 5)
    run(catalogue, nimbus)
    recordings["nimbus"] = recorded(nimbus, 7, days=days)
    report = run(catalogue, nimbus)
    assert [(one.state, one.found, one.held_back) for one in report.outcomes] == [("recorded", 1, 0)]
    assert prices(catalogue) == [("nimbus", 7, True)]
    stood = "select price_per_hour::float8, recorded_at, valid_to from price_history where is_active"
    assert catalogue.execute(stood).fetchall() == [(7, recordings["nimbus"].recorded_at, None)]
    assert run(catalogue, nimbus).outcomes[0].state == "kept"
    assert report.as_of == recordings["nimbus"].recorded_at


def test_live_only_fails_where_nothing_is_reached_and_loses_nothing(catalogue, answers):
    answers.plans("nimbus", 2)
    run(catalogue, module("nimbus", answers.url), source="live")
    report = run(catalogue, module("nimbus", UNREACHABLE), source="live", now=NOW + 2 * HOUR)
    assert [(one.state, one.is_failure) for one in report.outcomes] == [("kept", True)]
    assert prices(catalogue) == [("nimbus", 2, False)]


def test_a_recording_never_replaces_a_live_price(catalogue, answers, recordings):
    nimbus = module("nimbus", answers.url)
    answers.plans("nimbus", 2)
    run(catalogue, nimbus, source="live")
    recordings["nimbus"] = recorded(nimbus, 9, days=10)
    run(catalogue, nimbus, source="recorded", now=NOW + 2 * HOUR)
    assert prices(catalogue) == [("nimbus", 2, False)]


def test_where_one_price_is_live_the_run_is_as_of_now_and_recorded_prices_rank_nowhere(catalogue, answers, recordings):
    nimbus, kestrel = module("nimbus", answers.url), module("kestrel", UNREACHABLE)
    recordings["kestrel"] = recorded(kestrel, 1)
    assert run(catalogue, kestrel).as_of == NOW - timedelta(days=10)
    answers.plans("nimbus", 2)
    report = run(catalogue, nimbus, kestrel, now=NOW + HOUR)
    assert report.as_of == NOW + HOUR
    ranked = catalogue.execute("select provider_slug, is_ranked from offers_at(%s) order by 1", [report.as_of])
    assert ranked.fetchall() == [("kestrel", False), ("nimbus", True)]


def test_a_run_is_as_of_the_given_instant(catalogue, recordings):
    nimbus = module("nimbus", UNREACHABLE)
    recordings["nimbus"] = recorded(nimbus, 2)
    report = run(catalogue, nimbus, source="recorded", as_of=NOW - HOUR)
    assert report.as_of == runs.last_as_of(catalogue) == NOW - HOUR


@pytest.mark.parametrize("source", ["auto", "live", "recorded"])
def test_an_instant_before_the_newest_price_is_refused(source, catalogue, answers):
    nimbus = module("nimbus", answers.url)
    answers.plans("nimbus", 2)
    run(catalogue, nimbus, source="live")
    told = (
        "--as-of 2026-02-27 12:00 UTC: prices from 2026-03-01 12:00 UTC are stored; expected that time or a later one"
    )
    with pytest.raises(BuildError, match=told):
        run(catalogue, nimbus, source=source, as_of=NOW - 48 * HOUR)
    assert (runs.last_as_of(catalogue), answers.asked["/nimbus"]) == (NOW, 1)
    assert run(catalogue, nimbus, as_of=NOW).as_of == NOW


def test_an_instant_before_the_answers_of_its_own_run_is_refused_and_renders_nothing(catalogue, answers, recordings):
    nimbus = module("nimbus", UNREACHABLE)
    recordings["nimbus"] = recorded(nimbus, 2)
    with pytest.raises(BuildError, match=r"--as-of 2020-.*: prices from 2026-02-19 12:00 UTC are stored"):
        run(catalogue, nimbus, source="recorded", as_of=NOW - 2200 * 24 * HOUR)
    assert runs.last_as_of(catalogue) is None


def test_a_given_instant_moves_on_to_the_answers_of_its_own_run(catalogue, answers):
    answers.plans("nimbus", 2)
    report = run(catalogue, module("nimbus", answers.url), source="live", as_of=NOW - HOUR / 60)
    assert report.as_of == runs.last_as_of(catalogue) == NOW


def test_a_run_is_as_of_its_end(catalogue, answers):
    answers.plans("nimbus", 2)
    times = iter(NOW + number * timedelta(seconds=1) for number in range(100))
    options = {"keys": {}, "contact": "tests", "version": "v1", "modules": [module("nimbus", answers.url)]}
    report = refresh.refresh(catalogue, outcome.Options(), clock=lambda: next(times), **options)
    confirmed = samples.one(catalogue, "select last_confirmed_at from confirmations")
    assert NOW < confirmed < report.as_of == runs.last_as_of(catalogue)


def test_a_provider_without_its_key_is_no_failure_and_names_the_variable(catalogue, answers):
    report = run(catalogue, module("nimbus", answers.url, needs_key=True), source="live")
    (outcome,) = report.outcomes
    assert (outcome.state, outcome.is_failure) == ("none", False)
    assert "CLOUDGPUS_KEY_NIMBUS" in outcome.problem


def test_a_provider_without_a_dated_recording_is_no_failure_of_a_recorded_run(catalogue, recordings):
    nimbus = module("nimbus", UNREACHABLE)
    (without,) = run(catalogue, nimbus, source="recorded").outcomes
    dated = recorded(nimbus, 2.5)
    undated = replace(dated.captures[0], fetched_at=captures.UNDATED)
    recordings["nimbus"] = replace(dated, captures=(undated,))
    (not_dated,) = run(catalogue, nimbus, source="recorded").outcomes
    assert [(one.state, one.error_code, one.is_failure) for one in (without, not_dated)] == [
        ("none", "not_recorded", False),
        ("none", "not_dated", False),
    ]


def test_a_provider_whose_rates_are_stated_is_not_asked_and_no_failure(catalogue, answers):
    answers.plans("nimbus", 2.5)
    (outcome,) = run(catalogue, module("nimbus", answers.url, source_class="stated"), source="live").outcomes
    assert (outcome.state, outcome.error_code, outcome.is_failure) == ("none", "stated", False)
    assert not answers.asked


def test_an_unknown_provider_is_refused_with_the_known_ones(catalogue):
    with pytest.raises(BuildError, match=r'no provider is called "nimbos"; the providers are kestrel, nimbus'):
        run(catalogue, module("nimbus", UNREACHABLE), module("kestrel", UNREACHABLE), providers=("nimbos",))


def test_a_provider_that_the_seeds_do_not_know_is_named(catalogue, recordings):
    stray = module("stray", UNREACHABLE)
    recordings["stray"] = recorded(stray, 2)
    (outcome,) = run(catalogue, stray, source="recorded").failed
    assert outcome.problem == "stray: no provider has this slug; add it to sql/seed/providers.yaml to store its prices"


def test_a_database_without_a_price_has_no_run_to_render(catalogue):
    run(catalogue, module("nimbus", UNREACHABLE), source="live")
    assert runs.last_as_of(catalogue) is None


def test_prices_are_judged_by_all_known_prices_of_their_gpu(catalogue, answers):
    answers.plans("nimbus", *[2] * 9, 40)
    nimbus = module("nimbus", answers.url)
    run(catalogue, nimbus, source="live")
    answers.plans("nimbus", *[2] * 9, 40 * interpretation.BEYOND_REASON + 1)
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + HOUR).outcomes
    assert (outcome.held_back, outcome.found) == (1, 10)
    assert samples.one(catalogue, "select rule from quarantine") == "price_band"
    assert max(price for _, price, _ in prices(catalogue)) == 40


def test_an_offer_that_can_not_be_read_keeps_its_last_price(catalogue, answers):
    answers.plans("nimbus", 2, 3)
    nimbus = module("nimbus", answers.url)
    run(catalogue, nimbus, source="live")
    answers.plans("nimbus", 2, 3e8)
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + HOUR).outcomes
    assert (outcome.state, outcome.held_back, outcome.deactivated) == ("live", 1, 0)
    assert prices(catalogue) == [("nimbus", 2, False), ("nimbus", 3, False)]


def test_a_refresh_that_breaks_off_leaves_the_last_good_prices(catalogue, answers, monkeypatch):
    answers.plans("nimbus", 2)
    nimbus = module("nimbus", answers.url)
    run(catalogue, nimbus, source="live")
    answers.plans("nimbus", 3)
    with monkeypatch.context() as patched:
        patched.setattr(store, "_copy", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(catalogue, nimbus, source="live", now=NOW + HOUR)
    catalogue.rollback()
    assert prices(catalogue) == [("nimbus", 2, False)]
    run(catalogue, nimbus, source="live", now=NOW + 2 * HOUR)
    assert prices(catalogue) == [("nimbus", 3, False)]


def held(connection):
    return connection.execute("select instance_type, rule, state, seen_n from quarantine order by id").fetchall()


def refreshed(catalogue, nimbus, answers, hours, *stated):
    answers.plans("nimbus", *stated)
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + hours * HOUR).outcomes
    return outcome


def test_a_price_that_jumped_waits_and_the_last_one_stays_until_a_second_answer_agrees(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 9, 3)
    outcome = refreshed(catalogue, nimbus, answers, 1, *[2] * 9, 6)
    assert (outcome.held_back, outcome.unchanged, outcome.deactivated) == (1, 9, 0)
    assert prices(catalogue)[-1] == ("nimbus", 3, False)
    assert held(catalogue) == [("plan-9", "price_jump", "waiting", 1)]
    outcome = refreshed(catalogue, nimbus, answers, 2, *[2] * 9, 6)
    assert (outcome.held_back, outcome.updated) == (0, 1)
    assert prices(catalogue)[-1] == ("nimbus", 6, False)
    assert held(catalogue) == [("plan-9", "price_jump", "released", 2)]
    assert samples.one(catalogue, "select decided_by from quarantine") == "a second answer"


def test_a_jump_that_is_taken_back_is_withdrawn(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    refreshed(catalogue, nimbus, answers, 1, *[2] * 9, 20)
    refreshed(catalogue, nimbus, answers, 2, *[2] * 10)
    assert held(catalogue) == [("plan-9", "price_band", "withdrawn", 1)]


def test_a_list_whose_prices_all_jump_is_refused_until_a_second_answer_agrees(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, 2, 3, 4, 5)
    outcome = refreshed(catalogue, nimbus, answers, 1, 1, 1.5, 2, 2.5)
    assert (outcome.state, outcome.error_code, outcome.held_back) == ("kept", "many_price_jump", 4)
    assert [price for _, price, _ in prices(catalogue)] == [2, 3, 4, 5]
    outcome = refreshed(catalogue, nimbus, answers, 2, 1, 1.5, 2, 2.5)
    assert (outcome.state, outcome.updated) == ("live", 4)
    assert [price for _, price, _ in prices(catalogue)] == [1, 1.5, 2, 2.5]


def test_an_editor_releases_a_price_that_no_second_answer_would(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    for hours in (1, 2):
        assert refreshed(catalogue, nimbus, answers, hours, *[2] * 9, 20).held_back == 1
    (entry,) = quarantine.entries(catalogue)
    assert (entry.rule, entry.seen_n, entry.standing_price, entry.gpu_slug) == ("price_band", 2, 2, "h100-sxm")
    decided = quarantine.decide(catalogue, entry.id, "released", by="Ada", at=NOW, reason="seen on the page")
    assert decided == ("nimbus", "plan-9")
    for hours in (3, 4):
        assert refreshed(catalogue, nimbus, answers, hours, *[2] * 9, 20).held_back == 0
    assert prices(catalogue)[-1] == ("nimbus", 20, False)
    with pytest.raises(BuildError, match="is released already"):
        quarantine.decide(catalogue, entry.id, "rejected", by="Ada", at=NOW, reason="")


def test_what_an_editor_rejects_stays_out_while_it_has_that_price(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 9, 3)
    refreshed(catalogue, nimbus, answers, 1, *[2] * 9, 6)
    quarantine.decide(catalogue, quarantine.entries(catalogue)[0].id, "rejected", by="Ada", at=NOW, reason="a typo")
    refreshed(catalogue, nimbus, answers, 2, *[2] * 9, 6)
    assert held(catalogue) == [("plan-9", "price_jump", "rejected", 2)]
    refreshed(catalogue, nimbus, answers, 3, *[2] * 9, 8)
    assert held(catalogue) == [("plan-9", "price_jump", "withdrawn", 2), ("plan-9", "price_jump", "waiting", 1)]


def test_an_unreadable_offer_and_one_of_an_unknown_gpu_are_still_for_rent(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    plans = [{"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2} for n in range(10)]
    plans[3]["gpu"], plans[4]["hourly"] = "H900 SXM", "dear"
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + HOUR).outcomes
    assert (outcome.unmapped, outcome.held_back, outcome.deactivated) == (("H900 SXM",), 1, 0)
    assert held(catalogue) == [("plan-4", "unreadable", "waiting", 1)]
    assert len(prices(catalogue)) == 10
    assert samples.one(catalogue, "select count(*) from confirmations where last_confirmed_at = %s", NOW + HOUR) == 8


def test_the_only_offer_of_a_provider_may_be_unreadable_and_stays(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, 2)
    answers.bodies["/nimbus"] = b'[{"id": "plan-0 ", "gpu": null, "hourly": 2}]'
    outcome = refreshed_as_is(catalogue, nimbus, 1)
    assert (outcome.state, outcome.held_back, outcome.deactivated, outcome.is_failure) == ("kept", 1, 0, False)
    assert prices(catalogue) == [("nimbus", 2, False)]


def refreshed_as_is(catalogue, nimbus, hours):
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + hours * HOUR).outcomes
    return outcome


def test_the_name_of_an_unreadable_offer_is_cleaned_as_an_offers_own_is(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    plans = [{"id": f"plan-{n} ", "gpu": "H100 SXM", "hourly": 2} for n in range(10)]
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    refreshed_as_is(catalogue, nimbus, 0)
    plans[4]["gpu"] = None
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    outcome = refreshed_as_is(catalogue, nimbus, 1)
    assert (outcome.held_back, outcome.unchanged, outcome.deactivated) == (1, 9, 0)
    assert len(prices(catalogue)) == 10


def test_an_odd_price_waits_and_the_last_good_one_stays_beside_the_others(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    plans = [{"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2, "bid": 1} for n in range(10)]
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    refreshed_as_is(catalogue, nimbus, 0)
    plans[4] |= {"hourly": 1.9, "bid": 0.01}
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    outcome = refreshed_as_is(catalogue, nimbus, 1)
    assert (outcome.held_back, outcome.updated, outcome.unchanged) == (1, 1, 9)
    query = "select price_per_hour::float8, price_per_hour_spot::float8 from instances where instance_type = 'plan-4'"
    assert catalogue.execute(query).fetchone() == (1.9, 1)
    assert held(catalogue) == [("plan-4", "price_band", "waiting", 1)]


def test_a_recorded_price_does_not_replace_a_live_one_that_is_held_back(catalogue, answers, recordings):
    nimbus = module("nimbus", answers.url)
    plans = [{"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2, "bid": 1} for n in range(10)]
    shipped = recorded(nimbus)
    (capture,) = shipped.captures
    recordings["nimbus"] = replace(shipped, captures=(replace(capture, body=json.dumps(plans).encode()),))
    run(catalogue, nimbus, source="recorded")
    plans[4] |= {"bid": 0.01}
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    run(catalogue, nimbus, source="live")
    assert (
        samples.one(catalogue, "select count(*) from instances where price_per_hour_spot = 1 and not is_recorded") == 9
    )
    assert samples.one(catalogue, "select price_per_hour_spot from instances where instance_type = 'plan-4'") is None


def test_an_unreadable_offer_without_a_name_may_be_any_that_is_missing(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    plans = [{"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2} for n in range(10)]
    plans[4]["id"] = None
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + HOUR).outcomes
    assert (outcome.held_back, outcome.unchanged, outcome.deactivated) == (1, 9, 0)
    assert len(prices(catalogue)) == 10


def test_a_job_has_every_column_that_can_be_filled(catalogue, answers):
    refreshed(catalogue, module("nimbus", answers.url), answers, 0, 2)
    row = catalogue.execute("select to_jsonb(j) from scrape_jobs j").fetchone()[0]
    assert [name for name, value in row.items() if value is None] == ["error_code", "error_message"]
    assert row["worker_id"] == refresh.WORKER
    answers.bodies.clear()
    run(catalogue, module("nimbus", answers.url), source="live", now=NOW + HOUR)
    failed = catalogue.execute(
        "select error_code, response_status_code, request_url from scrape_jobs where status = 'failed'"
    ).fetchone()
    assert failed == ("not_found", 404, f"{answers.url}/nimbus")


def test_two_refreshes_at_once_both_end_well(catalogue, database_url, recordings):
    modules = [module(slug, UNREACHABLE) for slug in ("nimbus", "kestrel")]
    for one in modules:
        recordings[one.PROVIDER.slug] = recorded(one, *[2] * 50)
    reports = []

    def refreshing(order):
        with db.connect(database_url) as connection:
            reports.append(run(connection, *order, source="recorded"))

    threads = [threading.Thread(target=refreshing, args=(order,)) for order in (modules, modules[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.failed for report in reports] == [(), ()]
    assert len(prices(catalogue)) == 100
    assert samples.one(catalogue, "select count(*) from price_history") == 100


def test_rates_of_the_day_convert_prices(catalogue, recordings):
    euro = module("nimbus", UNREACHABLE)
    parsing(euro, currency="EUR")
    recordings["nimbus"] = recorded(euro, 2)
    (outcome,) = run(catalogue, euro, source="recorded").failed
    assert (outcome.error_code, outcome.state) == ("unknown_currency", "none")
    day = (NOW - timedelta(days=20)).date()
    catalogue.execute("insert into exchange_rates values ('EUR', %s, 1.25, 'test')", [day])
    run(catalogue, euro, source="recorded")
    assert prices(catalogue) == [("nimbus", 2.5, True)]
    assert samples.one(catalogue, "select exchange_rate from instances") == Decimal("1.25")
