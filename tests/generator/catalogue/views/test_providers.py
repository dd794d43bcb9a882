from decimal import Decimal

import pytest

from generator.catalogue.views import providers
from tests.generator.catalogues import catalogue, gpu, offer, provider


def market(*offers):
    """Four GPUs of which the others ask 4, so that the medians are known."""
    return catalogue(*(offer(slug, other, 4) for slug in "abcd" for other in ("elm", "fir", "oak")), *offers)


def test_a_position_is_the_median_of_prices_over_the_other_sellers_medians():
    known = market(offer("a", "ash", 2), offer("b", "ash", 5), offer("c", "ash", 3), offer("d", "ash", 4))
    ratios = {"a": Decimal("0.5"), "b": Decimal("1.25"), "c": Decimal("0.75"), "d": 1}
    assert dict(providers.positions(known, "ash")) == ratios
    assert providers.position(known, "ash") == Decimal("0.875")


def test_fewer_than_four_gpus_make_no_position():
    known = market(*(offer(slug, "ash", 2) for slug in "abc"))
    assert len(providers.positions(known, "ash")) == 3
    assert providers.position(known, "ash") is None


def test_a_position_compares_machines_of_one_size():
    known = market(
        offer("a", "ash", 40, gpu_count=8), offer("a", "elm", 80, gpu_count=8), offer("a", "fir", 80, gpu_count=8)
    )
    assert dict(providers.positions(known, "ash")) == {"a": Decimal("0.5")}
    assert providers.positions(market(offer("a", "ash", 40, gpu_count=8)), "ash") == ()


def test_a_gpu_that_nobody_else_sells_has_no_position():
    known = catalogue(offer("a", "ash", 2))
    assert providers.positions(known, "ash") == ()
    assert providers.position(known, "ash") is None


def test_a_providers_floor_is_of_variants_on_demand_that_rank():
    known = catalogue(
        gpu("h100", kind="chip"), offer("a", "ash", 3), offer("b", "ash", None, 1), offer("h100", "ash", 1),
        offer("c", "ash", 1, price_basis="gpu_only"),
    )  # fmt: skip
    line = providers.provider_line(known, "ash")
    assert (line.floor, line.gpus_n, line.offers_n) == (3, 4, 4)


def test_a_provider_without_offers_has_no_figure():
    line = providers.provider_line(catalogue(provider("ash", last_confirmed_at=None)), "ash")
    assert (line.floor, line.position, line.gpus_n, line.confirmed_at, line.freshness) == (None, None, 0, None, "")


def test_regions_are_counted_once_whether_offered_apart_or_listed():
    known = catalogue(offer("a", "ash", 2, region="eu"), offer("b", "ash", 2, available_regions=["eu", "us"]))
    assert providers.provider_line(known, "ash").regions_n == 2


def test_fresh_gpus_are_counted_apart_from_aging_ones():
    line = providers.provider_line(catalogue(offer("a", "ash", 2), offer("b", "ash", 2, freshness="aging")), "ash")
    assert (line.gpus_n, line.fresh_gpus_n, line.freshness) == (2, 1, "fresh")


def test_what_a_provider_has_a_price_for_it_sells_whatever_its_facts_say():
    known = catalogue(
        provider("ash", supports_spot_instances=False), offer("a", "ash", 2, 1, price_per_month=Decimal(9))
    )
    facts = {fact.label: fact.value for fact in providers.provider_facts(known, "ash")}
    line = providers.provider_line(known, "ash")
    assert (facts["Spot"], facts["Reserved"], line.has_spot, line.has_reserved) == ("Yes", "Yes", True, True)


def test_unknown_facts_are_left_out():
    assert [fact.label for fact in providers.provider_facts(catalogue(provider("ash")), "ash")] == ["Kind"]


def test_a_documentation_link_needs_an_address_of_the_web():
    known = catalogue(provider("ash", has_public_api=True, docs_url="javascript:alert(1)"))
    assert [fact.url for fact in providers.provider_facts(known, "ash") if fact.label == "API"] == [None]


def test_alternatives_sell_most_of_the_same_gpus_the_larger_first_whatever_their_prices():
    known = catalogue(
        *(offer(slug, name, price) for slug in "ab" for name, price in (("ash", 4), ("elm", 3), ("fir", 5))),
        offer("c", "fir", 1), offer("b", "oak", 1), offer("c", "yew", 1),
    )  # fmt: skip
    assert [line.slug for line in providers.alternatives(known, "ash")] == ["fir", "elm", "oak"]


def test_providers_come_by_number_of_gpus_then_name():
    known = catalogue(offer("a", "elm", 1), offer("a", "ash", 1), offer("a", "fir", 1), offer("b", "fir", 1))
    assert [line.slug for line in providers.provider_lines(known)] == ["fir", "ash", "elm"]


@pytest.mark.parametrize(("code", "name"), [("USA", "United States"), ("DEU", "Germany"), ("XXX", ""), (None, "")])
def test_a_country_has_its_english_name(code, name):
    assert providers.country(code) == name
