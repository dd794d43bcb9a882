from datetime import timedelta
from decimal import Decimal

import pytest

from generator.database import db
from generator.database import history as months
from generator.database.history import rebuild_rollup
from generator.errors import BuildError
from generator.ingest import quarantine, replay, store
from scrapers import captures
from tests.generator.answers import NOW, Answers, add_catalogue, module, recorded, run
from tests.scrapers.made_up import blinded, parsing, puzzled, skipping
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


@pytest.fixture
def answers():
    with Answers() as server:
        yield server


@pytest.fixture
def catalogue(connection):
    add_catalogue(connection, "nimbus")
    return connection


def wrong(answers):
    """A provider whose parser makes every price half as high again."""
    nimbus = module("nimbus", answers.url)
    parsing(nimbus, times=Decimal("1.5"))
    return nimbus


def replayed(connection, nimbus, since=None, **options):
    runs = replay.kept_runs(connection, "nimbus", since)
    return list(replay.replay(connection, nimbus, runs, version="v2", clock=lambda: NOW, **options))


def refreshed(connection, nimbus, answers, hours, *prices):
    answers.plans("nimbus", *prices)
    (outcome,) = run(connection, nimbus, source="live", now=NOW + hours * HOUR).outcomes
    return outcome


def history(connection):
    rows = connection.execute(
        "select i.instance_type, h.price_per_hour, (extract(epoch from h.recorded_at - %s) / 3600)::int,"
        " (extract(epoch from h.valid_to - %s) / 3600)::int"
        " from price_history h join instances i on i.id = h.instance_id where h.is_active order by 1, 3",
        [NOW, NOW],
    )
    return [tuple(row) for row in rows]


def test_a_fixed_parser_corrects_prices_and_history_without_a_move(catalogue, answers):
    refreshed(catalogue, wrong(answers), answers, 0, 2, 4)
    refreshed(catalogue, wrong(answers), answers, 5, 2, 4)
    assert history(catalogue) == [("plan-0", 3, 0, None), ("plan-1", 6, 0, None)]
    (done,) = replayed(catalogue, module("nimbus", answers.url))
    assert [(one.instance_type, one.field, one.before, one.after) for one in done.changes] == [
        ("plan-0", "price_per_hour", "3", "2"),
        ("plan-1", "price_per_hour", "6", "4"),
    ]
    assert history(catalogue) == [("plan-0", 2, 0, None), ("plan-1", 4, 0, None)]
    assert samples.one(catalogue, "select min(price_per_hour) from instances") == 2
    assert samples.one(catalogue, "select max(last_confirmed_at) from confirmations") == NOW + 5 * HOUR


def test_earlier_answers_correct_the_prices_of_their_time(catalogue, answers):
    for hours, price in ((0, 2), (30, 3), (60, 2)):
        refreshed(catalogue, wrong(answers), answers, hours, price)
    done = replayed(catalogue, module("nimbus", answers.url), since=NOW)
    assert [[one.after for one in run.changes] for run in done] == [["2"], ["3"], ["2"]]
    assert history(catalogue) == [("plan-0", 2, 0, 30), ("plan-0", 3, 30, 60), ("plan-0", 2, 60, None)]
    assert rebuild_rollup(catalogue, NOW + 60 * HOUR, keep=False) == []
    assert replayed(catalogue, module("nimbus", answers.url), since=NOW)[0].changes == ()


@pytest.mark.parametrize(("first", "then"), [(2, 300), (10, 4)])
def test_an_answer_held_back_for_its_number_stays_out_until_an_editor_releases_it(first, then, catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * first)
    refreshed(catalogue, nimbus, answers, 1, *[2] * then)
    for since in (None, NOW):
        problem = replayed(catalogue, nimbus, since)[-1].problem
        assert problem.startswith(f"nimbus: {then} offers of known GPUs")
    assert samples.one(catalogue, "select count(*) from instances where is_active") == first
    quarantine.decide(catalogue, 1, "release_price", by="Ada", at=NOW + 2 * HOUR, reason=None)
    assert replayed(catalogue, nimbus)[0].problem == ""
    assert samples.one(catalogue, "select count(*) from instances where is_active") == then


def test_an_answer_that_could_not_be_read_is_judged_by_the_offers_of_its_time(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, 2, 3)
    blind = module("nimbus", answers.url)
    blinded(blind)
    refreshed(catalogue, blind, answers, 1, 2, 3, 4)
    for hours in (2, 3):
        refreshed(catalogue, nimbus, answers, hours, *[2] * 300)
    assert [bool(one.problem) for one in replayed(catalogue, nimbus, NOW)] == [False, False, True, False]


def test_a_dry_run_says_what_would_change_and_keeps_all(catalogue, answers):
    refreshed(catalogue, wrong(answers), answers, 0, 2)
    (done,) = replayed(catalogue, module("nimbus", answers.url), dry_run=True)
    assert [one.after for one in done.changes] == ["2"]
    assert history(catalogue) == [("plan-0", 3, 0, None)]
    assert samples.one(catalogue, "select count(*) from runs") == 1


def test_a_dry_run_holds_up_no_other_provider(catalogue, answers, database_url):
    refreshed(catalogue, wrong(answers), answers, 0, 2, 4)
    samples.add_provider(catalogue, "stratus", source_class="price_page")
    months.close_market_days(catalogue, NOW + 50 * HOUR)
    catalogue.commit()
    nimbus = module("nimbus", answers.url)
    runs = replay.kept_runs(catalogue, "nimbus")
    trial = replay.replay(catalogue, nimbus, runs, version="v2", clock=lambda: NOW, dry_run=True)
    assert next(trial).changes
    with db.connect(database_url) as other:
        other.execute("set lock_timeout = '1s'")
        store.store(other, samples.run(0, [samples.offer("a", 2)], provider="stratus", source_class="price_page"))
        months.close_market_days(other, NOW + 50 * HOUR)
    assert list(trial) == []


def test_an_answer_that_could_not_be_read_is_stored_at_its_own_time(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, 2)
    blind = module("nimbus", answers.url)
    blinded(blind)
    assert refreshed(catalogue, blind, answers, 10, 3).error_code == "changed"
    (done,) = replayed(catalogue, nimbus)
    assert [(one.before, one.after) for one in done.changes] == [("2", "3")]
    assert history(catalogue) == [("plan-0", 2, 0, 10), ("plan-0", 3, 10, None)]


def test_what_is_held_back_stays_so_in_a_replay(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    refreshed(catalogue, nimbus, answers, 1, *[2] * 9, 4)
    assert replayed(catalogue, nimbus)[0].changes == ()
    assert [entry.state for entry in quarantine.entries(catalogue)] == ["waiting"]
    assert samples.one(catalogue, "select count(*) from instances where is_active and price_per_hour = 2") == 10


def test_offers_that_a_fixed_parser_no_longer_finds_are_not_for_rent(catalogue, answers):
    refreshed(catalogue, module("nimbus", answers.url), answers, 0, 2, 3)
    picky = module("nimbus", answers.url)
    skipping(picky, "id", "plan-1")
    (done,) = replayed(catalogue, picky)
    assert {one.instance_type for one in done.changes} == {"plan-1"}
    assert samples.one(catalogue, "select is_active from instances where instance_type = 'plan-1'") is False


def test_an_offer_that_only_the_fixed_parser_finds_is_for_rent_from_then_on(catalogue, answers):
    picky = module("nimbus", answers.url)
    skipping(picky, "id", "plan-1")
    refreshed(catalogue, picky, answers, 0, 2, 3)
    replayed(catalogue, module("nimbus", answers.url))
    assert history(catalogue) == [("plan-0", 2, 0, None), ("plan-1", 3, 0, None)]


def test_an_answer_that_still_can_not_be_read_is_left_with_its_reason(catalogue, answers):
    refreshed(catalogue, module("nimbus", answers.url), answers, 0, 2)
    blind = module("nimbus", answers.url)
    blinded(blind)
    (done,) = replayed(catalogue, blind)
    assert done.problem.startswith("nimbus: its answer is not what it was")
    assert history(catalogue) == [("plan-0", 2, 0, None)]


def test_a_provider_without_kept_answers_is_named(catalogue):
    with pytest.raises(BuildError, match=r"nimbus: no answer is kept; `build.py refresh nimbus` fetches one"):
        replay.kept_runs(catalogue, "nimbus")


def nines(answers):
    """A module whose parser reads the same price in every answer."""
    nimbus = module("nimbus", answers.url)
    parsing(nimbus, price=Decimal(9))
    return nimbus


def test_moves_that_the_old_parser_did_not_see_come_into_history(catalogue, answers):
    for hours, price in ((0, 2), (20, 3), (40, 3), (60, 2)):
        refreshed(catalogue, nines(answers), answers, hours, price)
    assert history(catalogue) == [("plan-0", 9, 0, None)]
    replayed(catalogue, module("nimbus", answers.url), since=NOW)
    assert history(catalogue) == [("plan-0", 2, 0, 20), ("plan-0", 3, 20, 60), ("plan-0", 2, 60, None)]
    assert samples.one(catalogue, "select price_per_hour from instances") == 2
    assert rebuild_rollup(catalogue, NOW + 60 * HOUR, keep=False) == []


def test_moves_that_the_old_parser_did_not_see_come_into_a_price_that_ended(catalogue, answers):
    for hours, price in ((0, 2), (20, 3), (40, 4)):
        refreshed(catalogue, nines(answers), answers, hours, price)
    refreshed(catalogue, module("nimbus", answers.url), answers, 60, 5)
    replayed(catalogue, module("nimbus", answers.url), since=NOW)
    stretches = [("plan-0", 2, 0, 20), ("plan-0", 3, 20, 40), ("plan-0", 4, 40, 60), ("plan-0", 5, 60, None)]
    assert history(catalogue) == stretches
    assert rebuild_rollup(catalogue, NOW + 60 * HOUR, keep=False) == []


def without_sevens(answers):
    """A module whose parser knows that plans at 7 are not for rent."""
    nimbus = module("nimbus", answers.url)
    skipping(nimbus, "hourly", 7)
    return nimbus


def test_an_offer_ends_at_the_first_answer_without_it(catalogue, answers):
    nimbus = nines(answers)
    for hours, price in ((0, 2), (20, 7), (40, 7), (60, 2)):
        refreshed(catalogue, nimbus, answers, hours, price, 4)
    replayed(catalogue, without_sevens(answers), since=NOW)
    assert history(catalogue) == [("plan-0", 2, 0, 20), ("plan-0", 2, 60, None), ("plan-1", 4, 0, None)]
    assert rebuild_rollup(catalogue, NOW + 60 * HOUR, keep=False) == []


def test_an_offer_that_no_answer_had_leaves_history_and_daily_prices(catalogue, answers):
    for hours, other in ((0, 3), (20, 4), (40, 4)):
        refreshed(catalogue, module("nimbus", answers.url), answers, hours, 7, other)
    refreshed(catalogue, module("nimbus", answers.url), answers, 50, 8, 4)
    assert {one.region for run in replayed(catalogue, without_sevens(answers), since=NOW) for one in run.changes} == {
        ""
    }
    assert [line for line in history(catalogue) if line[0] == "plan-0"] == [("plan-0", 8, 50, None)]
    assert samples.one(catalogue, "select count(*) from price_daily where mean = 7") == 0


def test_a_replay_of_the_newest_answer_leaves_earlier_history_alone(catalogue, answers):
    for hours in (0, 20, 40):
        refreshed(catalogue, module("nimbus", answers.url), answers, hours, 7, 4)
    replayed(catalogue, without_sevens(answers))
    assert history(catalogue) == [("plan-0", 7, 0, 40), ("plan-1", 4, 0, None)]
    assert samples.one(catalogue, "select count(*) from instances where is_active") == 1


def test_a_row_without_a_name_ends_no_offer(catalogue, answers):
    refreshed(catalogue, module("nimbus", answers.url), answers, 0, 2, 3)
    blind = module("nimbus", answers.url)
    puzzled(blind, "plan-1")
    assert replayed(catalogue, blind)[0].problem == ""
    assert history(catalogue) == [("plan-0", 2, 0, None), ("plan-1", 3, 0, None)]


def test_a_dry_run_of_several_answers_tells_what_a_replay_would_change(catalogue, answers):
    for hours, price in ((0, 2), (20, 3), (40, 2)):
        refreshed(catalogue, nines(answers), answers, hours, price)
    mended = module("nimbus", answers.url)
    tried = replayed(catalogue, mended, since=NOW, dry_run=True)
    assert samples.one(catalogue, "select count(*) from scrape_jobs") == 3
    assert replayed(catalogue, mended, since=NOW) == tried


def shipped(catalogue, monkeypatch, nimbus, days, *prices, times=1):
    """Refresh `times` times from a recording that ships from now on; return the results."""
    monkeypatch.setattr(captures, "recording", {"nimbus": recorded(nimbus, *prices, days=days)}.get)
    return [run(catalogue, nimbus, source="recorded").outcomes[0] for _ in range(times)]


@pytest.mark.parametrize("days", [-10, -30])
def test_the_shipped_recording_is_replayed_in_place_of_one_of_its_time_or_later(days, catalogue, answers, monkeypatch):
    nimbus = module("nimbus", answers.url)
    shipped(catalogue, monkeypatch, nimbus, -10, 9, 8, 7)
    shipped(catalogue, monkeypatch, nimbus, days, 2, times=0)
    done = replayed(catalogue, nimbus, since=NOW - 1000 * HOUR)
    assert [(one.observed_at, one.problem) for one in done] == [(NOW + 24 * days * HOUR, "")]
    assert history(catalogue) == [("plan-0", 2, 24 * days, None)]
    assert samples.one(catalogue, "select count(*) from instances where is_active") == 1
    assert replayed(catalogue, nimbus, since=NOW - 1000 * HOUR)[0].changes == ()


def test_an_earlier_recording_is_replayed_as_it_was_kept(catalogue, answers, monkeypatch):
    nimbus = wrong(answers)
    shipped(catalogue, monkeypatch, nimbus, -10, 2)
    shipped(catalogue, monkeypatch, nimbus, -5, 3)
    done = replayed(catalogue, module("nimbus", answers.url), since=NOW - 1000 * HOUR)
    assert [[one.after for one in run.changes] for run in done] == [["2"], ["3"]]
    assert history(catalogue) == [("plan-0", 2, -240, -240), ("plan-0", 3, -120, None)]  # not watched between


def test_a_listed_price_change_that_a_replay_undoes_is_retracted_and_a_new_one_stands(catalogue, answers):
    for hours, price in ((0, 2), (20, 3), (22, 3), (90, 3)):
        refreshed(catalogue, module("nimbus", answers.url), answers, hours, price)
    for _ in range(2):
        replayed(catalogue, wrong(answers), since=NOW)
    rows = db.rows(catalogue, "price_events", dict, as_of=NOW + 90 * HOUR, gpus=None, providers=None)
    found = {(row["old_price"], row["new_price"]): row["retracted_on"] for row in rows}
    assert found == {(3, Decimal("4.5")): None, (2, 3): NOW.date()}


def test_a_dry_run_retracts_nothing(catalogue, answers):
    for hours, price in ((0, 2), (20, 3), (22, 3), (90, 3)):
        refreshed(catalogue, module("nimbus", answers.url), answers, hours, price)
    replayed(catalogue, wrong(answers), since=NOW, dry_run=True)
    assert samples.one(catalogue, "select count(*) from retracted_price_events") == 0
