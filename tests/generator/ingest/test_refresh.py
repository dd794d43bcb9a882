import json
import threading
from datetime import timedelta
from decimal import Decimal

import pytest

from generator.database import db, runs
from generator.errors import BuildError
from generator.ingest import refresh, store
from scrapers.errors import ImplausibleOffers
from tests.generator.answers import NOW, UNREACHABLE, module, recorded, run
from tests.generator.ingest.stored import counts, jobs, prices
from tests.sampling import sample
from tests.scrapers.made_up import parsing, stuck
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


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


@pytest.mark.parametrize("what", sample(BAD, 3))
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


def test_an_endless_parser_stops_its_own_provider_only(catalogue, answers):
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


def test_a_provider_without_its_key_is_no_failure_and_names_the_variable(catalogue, answers):
    report = run(catalogue, module("nimbus", answers.url, needs_key=True), source="live")
    (outcome,) = report.outcomes
    assert (outcome.state, outcome.is_failure) == ("none", False)
    assert "CLOUDGPUS_KEY_NIMBUS" in outcome.problem


def test_a_provider_whose_rates_are_stated_is_not_asked_and_no_failure(catalogue, answers):
    answers.plans("nimbus", 2.5)
    (outcome,) = run(catalogue, module("nimbus", answers.url, source_class="stated"), source="live").outcomes
    assert (outcome.state, outcome.error_code, outcome.is_failure) == ("none", "stated", False)
    assert not answers.asked


def test_an_unknown_provider_is_refused_with_the_known_ones(catalogue):
    with pytest.raises(BuildError, match=r'no provider is called "nimbos"; the nearest: nimbus'):
        run(catalogue, module("nimbus", UNREACHABLE), module("kestrel", UNREACHABLE), providers=("nimbos",))


def test_a_provider_that_the_seeds_do_not_know_is_named(catalogue, recordings):
    stray = module("stray", UNREACHABLE)
    recordings["stray"] = recorded(stray, 2)
    (outcome,) = run(catalogue, stray, source="recorded").failed
    assert outcome.problem == "stray: no provider has this slug; add it to sql/seed/providers.yaml to store its prices"


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


def test_a_job_has_every_column_that_can_be_filled(catalogue, answers):
    answers.plans("nimbus", 2)
    run(catalogue, module("nimbus", answers.url), source="live")
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


def test_an_answer_that_states_when_its_prices_hold_is_stored_so(catalogue, answers):
    times = {"ends": {"until": "2026-03-02T00:00:00Z"}, "later": {"from": "2026-03-03T00:00:00Z"},
        "over": {"until": "2026-03-01T00:00:00Z"}}  # fmt: skip
    plans = [{"id": name, "gpu": "H100 SXM", "hourly": 2, **stated} for name, stated in times.items()]
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    run(catalogue, module("nimbus", answers.url), source="live")
    assert prices(catalogue) == [("nimbus", 2, False)]
    ends = catalogue.execute("select instance_type, price_ends ->> 'price_per_hour' from instances").fetchall()
    assert ends == [("ends", "2026-03-02T00:00:00+00:00")]
    assert counts(catalogue, "scheduled_prices") == [1]
    rows = samples.one(catalogue, "select report -> 'rows' from scrape_jobs")
    assert rows == {"rows": 3, "offer": 1, "scheduled": 1, "left_out:not_in_force": 1}
