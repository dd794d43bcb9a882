from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import fluidstack
from tests.scrapers.providers.replayed import by_type, recorded_offers


def parsed(**fields: Any) -> dict[str, Offer]:
    return by_type(fluidstack.offers([{"gpu_type": "H100_SXM5_80GB", "price_per_gpu_hr": "2.99", **fields}]))


def test_prices_are_those_of_the_answer() -> None:
    offer = recorded_offers(fluidstack)["H200"]
    assert (offer.price, offer.price_unit) == (Decimal("2.3"), "gpu_hour")
    assert not offer.size_stated


def test_each_number_of_gpus_is_an_offer_at_the_same_price_per_gpu() -> None:
    offers = parsed(gpu_counts=[1, 8], regions=["norway_2_eu"])
    assert [(name, offer.gpu_count, offer.price) for name, offer in offers.items()] == [
        ("H100_SXM5_80GB::1", 1, Decimal("2.99")),
        ("H100_SXM5_80GB::8", 8, Decimal("2.99")),
    ]
    assert offers["H100_SXM5_80GB::8"].available_regions == ("norway_2_eu",)


def test_the_key_is_sent_as_the_api_wants_it() -> None:
    assert fluidstack.PROVIDER.needs_key
    assert fluidstack.SOURCE.headers == {"api-key": "{key}"}
