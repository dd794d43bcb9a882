from decimal import Decimal

from scrapers.providers import novita
from tests.scrapers.providers.replayed import by_type, recorded_offers

PRODUCT = {
    "id": "4090.18c.60g",
    "name": "RTX 4090 24GB",
    "price": "67000",
    "spotPrice": 0,
    "availableDeploy": True,
    "regions": ["US-CA-06"],
    "cpuPerGpu": 18,
    "memoryPerGpu": 60,
}


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(novita)
    assert offers["H100 SXM 80GB"].price == Decimal("2.59")
    assert offers["RTX 3090"].price_spot == Decimal("0.11")
    assert (offers["NVIDIA L40S"].price, offers["NVIDIA L40S"].price_spot) == (Decimal("0.55"), None)


def test_prices_are_hundred_thousandths_of_a_dollar_per_gpu() -> None:
    offer = by_type(novita.offers({"data": [PRODUCT]}))["4090.18c.60g"]
    assert (offer.price, offer.price_spot, offer.price_unit) == (Decimal("0.67"), None, "gpu_hour")
    assert (offer.vcpu_count, offer.ram_gb, offer.available_regions) == (18, 60, ("US-CA-06",))


def test_what_cannot_be_deployed_is_sold_out() -> None:
    offers = by_type(novita.offers({"data": [PRODUCT, {**PRODUCT, "id": "gone", "availableDeploy": False}]}))
    assert (offers["4090.18c.60g"].availability, offers["gone"].availability) == ("available", "sold_out")


def test_products_without_a_price_are_left_out() -> None:
    assert not by_type(novita.offers({"data": [{"id": "x", "name": "B200", "price": 0}]}))
