from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from generator import quarantine, replay
from generator.errors import BuildError
from generator.history import rebuild_rollup
from scrapers.rows import records
from tests.generator.answers import NOW, Answers, add_catalogue, blinded, module, parsing, run
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
    """A provider whose parser makes every price half as much again."""
    nimbus = module("nimbus", answers.url)
    parsing(nimbus, lambda one: one.model_copy(update={"price": one.price * Decimal("1.5")}))
    return nimbus


def anew(connection, nimbus, since=None, **options):
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


def test_a_mended_parser_corrects_what_stands_and_its_history_without_a_move(catalogue, answers):
    refreshed(catalogue, wrong(answers), answers, 0, 2, 4)
    refreshed(catalogue, wrong(answers), answers, 5, 2, 4)
    assert history(catalogue) == [("plan-0", 3, 0, None), ("plan-1", 6, 0, None)]
    (done,) = anew(catalogue, module("nimbus", answers.url))
    assert [(one.instance_type, one.field, one.before, one.after) for one in done.changes] == [
        ("plan-0", "price_per_hour", "3", "2"),
        ("plan-1", "price_per_hour", "6", "4"),
    ]
    assert history(catalogue) == [("plan-0", 2, 0, None), ("plan-1", 4, 0, None)]
    assert samples.one(catalogue, "select min(price_per_hour) from instances") == 2
    assert samples.one(catalogue, "select max(last_confirmed_at) from confirmations") == NOW + 5 * HOUR


def test_earlier_answers_correct_the_prices_that_stood_then(catalogue, answers):
    for hours, price in ((0, 2), (30, 3), (60, 2)):
        refreshed(catalogue, wrong(answers), answers, hours, price)
    done = anew(catalogue, module("nimbus", answers.url), since=NOW)
    assert [[one.after for one in run.changes] for run in done] == [["2"], ["3"], ["2"]]
    assert history(catalogue) == [("plan-0", 2, 0, 30), ("plan-0", 3, 30, 60), ("plan-0", 2, 60, None)]
    assert rebuild_rollup(catalogue, NOW + 60 * HOUR, keep=False) == []
    assert anew(catalogue, module("nimbus", answers.url), since=NOW)[0].changes == ()


def test_a_dry_run_says_what_would_change_and_keeps_all(catalogue, answers):
    refreshed(catalogue, wrong(answers), answers, 0, 2)
    (done,) = anew(catalogue, module("nimbus", answers.url), dry_run=True)
    assert [one.after for one in done.changes] == ["2"]
    assert history(catalogue) == [("plan-0", 3, 0, None)]
    assert samples.one(catalogue, "select count(*) from runs") == 1


def test_an_answer_that_could_not_be_read_is_stored_at_its_own_time(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, 2)
    blind = module("nimbus", answers.url)
    blinded(blind)
    assert refreshed(catalogue, blind, answers, 10, 3).error_code == "changed"
    (done,) = anew(catalogue, nimbus)
    assert [(one.before, one.after) for one in done.changes] == [("2", "3")]
    assert history(catalogue) == [("plan-0", 2, 0, 10), ("plan-0", 3, 10, None)]


def test_what_is_held_back_stays_so_when_it_is_read_anew(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    refreshed(catalogue, nimbus, answers, 1, *[2] * 9, 4)
    assert anew(catalogue, nimbus)[0].changes == ()
    assert [entry.state for entry in quarantine.entries(catalogue)] == ["waiting"]
    assert samples.one(catalogue, "select count(*) from instances where is_active and price_per_hour = 2") == 10


def test_what_a_mended_parser_no_longer_finds_is_not_for_rent(catalogue, answers):
    refreshed(catalogue, module("nimbus", answers.url), answers, 0, 2, 3)
    picky = module("nimbus", answers.url)
    offers = picky.offers
    picky.offers = replace(offers, rows=lambda plans: [plan for plan in records(plans) if plan.text("id") != "plan-1"])
    (done,) = anew(catalogue, picky)
    assert {one.instance_type for one in done.changes} == {"plan-1"}
    assert samples.one(catalogue, "select is_active from instances where instance_type = 'plan-1'") is False


def test_an_offer_that_only_the_mended_parser_finds_is_for_rent_from_then_on(catalogue, answers):
    picky = module("nimbus", answers.url)
    offers = picky.offers
    picky.offers = replace(offers, rows=lambda plans: [plan for plan in records(plans) if plan.text("id") != "plan-1"])
    refreshed(catalogue, picky, answers, 0, 2, 3)
    anew(catalogue, module("nimbus", answers.url))
    assert history(catalogue) == [("plan-0", 2, 0, None), ("plan-1", 3, 0, None)]


def test_an_answer_that_still_can_not_be_read_is_left_with_its_reason(catalogue, answers):
    refreshed(catalogue, module("nimbus", answers.url), answers, 0, 2)
    blind = module("nimbus", answers.url)
    blinded(blind)
    (done,) = anew(catalogue, blind)
    assert done.problem.startswith("nimbus: its answer is not what it was")
    assert history(catalogue) == [("plan-0", 2, 0, None)]


def test_a_provider_without_kept_answers_is_named(catalogue):
    with pytest.raises(BuildError, match=r"nimbus: no answer is kept; `build.py refresh nimbus` fetches one"):
        replay.kept_runs(catalogue, "nimbus")
