import json
from dataclasses import replace
from datetime import timedelta

import pytest

from scrapers import captures
from tests.generator.answers import NOW, UNREACHABLE, module, recorded, run
from tests.generator.ingest.stored import jobs, prices
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


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
def test_the_shipped_recording_replaces_one_of_the_same_time_or_later(days, catalogue, recordings):
    """An edited recording is no price change, and may have far fewer offers."""
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
