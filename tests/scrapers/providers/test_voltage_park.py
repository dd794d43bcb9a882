from decimal import Decimal

import pytest

from scrapers.providers import voltage_park
from tests.scrapers.providers.replayed import by_type, recorded_offers


def answer(**fields: object) -> dict[str, object]:
    return {
        "results": [{"specs_per_node": {"gpu_model": "h100-sxm5-80gb", "gpu_count": 8}, **fields}],
        "has_next": False,
    }


def test_prices_are_those_of_the_answer() -> None:
    offer = recorded_offers(voltage_park)["h100-sxm5-80gb ethernet"]
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("1.99"), "gpu_hour", 8)


def test_infiniband_is_an_offer_of_its_own() -> None:
    offer = recorded_offers(voltage_park)["h100-sxm5-80gb infiniband"]
    assert (offer.price, offer.has_infiniband) == (Decimal("2.49"), True)


def test_availability_is_stated_where_gpus_are_free() -> None:
    offers = by_type(voltage_park.offers(answer(gpu_price_ethernet="1.99", gpu_count_ethernet=16)))
    assert offers["h100-sxm5-80gb ethernet"].availability == "available"
    assert recorded_offers(voltage_park)["h100-sxm5-80gb ethernet"].availability is None


def test_a_network_without_a_price_is_left_out() -> None:
    offers = by_type(voltage_park.offers(answer(gpu_price_ethernet=1.99, gpu_price_infiniband=None)))
    assert [*offers] == ["h100-sxm5-80gb ethernet"]


def test_a_second_page_is_an_error() -> None:
    with pytest.raises(ValueError, match="a second page"):
        by_type(voltage_park.offers({"results": [], "has_next": True}))
