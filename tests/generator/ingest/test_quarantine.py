import json
from datetime import timedelta

import pytest

from generator.errors import BuildError
from generator.ingest import interpretation, quarantine
from tests.generator.answers import NOW, module, recorded, run
from tests.generator.ingest.stored import counts, held, prices
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


def test_far_more_offers_than_before_store_only_the_job_and_its_answer(catalogue, answers):
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


def test_an_answer_with_far_more_offers_leaves_held_back_prices_alone(catalogue, answers):
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


def refreshed(catalogue, nimbus, answers, hours, *stated):
    answers.plans("nimbus", *stated)
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + hours * HOUR).outcomes
    return outcome


def refreshed_as_is(catalogue, nimbus, hours):
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
    decided = quarantine.decide(catalogue, entry.id, "release_price", by="Ada", at=NOW, reason="seen on the page")
    assert decided == ("nimbus", "plan-9")
    for hours in (3, 4):
        assert refreshed(catalogue, nimbus, answers, hours, *[2] * 9, 20).held_back == 0
    assert prices(catalogue)[-1] == ("nimbus", 20, False)
    with pytest.raises(BuildError, match="is released already"):
        quarantine.decide(catalogue, entry.id, "keep_price_back", by="Ada", at=NOW, reason="")


def test_what_an_editor_rejects_stays_out_while_it_has_that_price(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 9, 3)
    refreshed(catalogue, nimbus, answers, 1, *[2] * 9, 6)
    quarantine.decide(
        catalogue, quarantine.entries(catalogue)[0].id, "keep_price_back", by="Ada", at=NOW, reason="a typo"
    )
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


def test_the_only_offer_of_a_provider_may_be_unreadable_and_keeps_its_price(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, 2)
    answers.bodies["/nimbus"] = b'[{"id": "plan-0 ", "gpu": null, "hourly": 2}]'
    outcome = refreshed_as_is(catalogue, nimbus, 1)
    assert (outcome.state, outcome.held_back, outcome.deactivated, outcome.is_failure) == ("kept", 1, 0, False)
    assert prices(catalogue) == [("nimbus", 2, False)]


def test_the_name_of_an_unreadable_offer_is_cleaned_like_any_offers(catalogue, answers):
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


def test_an_unreadable_offer_without_a_name_may_be_any_that_is_missing(catalogue, answers):
    nimbus = module("nimbus", answers.url)
    refreshed(catalogue, nimbus, answers, 0, *[2] * 10)
    plans = [{"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2} for n in range(10)]
    plans[4]["id"] = None
    answers.bodies["/nimbus"] = json.dumps(plans).encode()
    (outcome,) = run(catalogue, nimbus, source="live", now=NOW + HOUR).outcomes
    assert (outcome.held_back, outcome.unchanged, outcome.deactivated) == (1, 9, 0)
    assert len(prices(catalogue)) == 10
