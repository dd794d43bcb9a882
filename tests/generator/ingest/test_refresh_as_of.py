from datetime import timedelta

import pytest

from generator.database import runs
from generator.errors import BuildError
from generator.ingest import outcome, refresh
from tests.generator.answers import NOW, UNREACHABLE, module, recorded, run
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


def test_where_one_price_is_live_the_run_is_as_of_now_and_recorded_prices_are_unranked(catalogue, answers, recordings):
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


def test_a_database_without_a_price_has_no_run_to_render(catalogue):
    run(catalogue, module("nimbus", UNREACHABLE), source="live")
    assert runs.last_as_of(catalogue) is None
