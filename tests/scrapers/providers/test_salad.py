from decimal import Decimal

from scrapers.providers import salad
from tests.scrapers.providers.replayed import by_type, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(salad)
    assert offers["RTX 5090 32GB, lowest priority"].price_spot == Decimal("0.25")
    assert offers["RTX 3090 Ti 24GB, lowest priority"].price_spot == Decimal("0.1")
    assert offers["RTX 3090 24GB, lowest priority"].price_spot == Decimal("0.09")


def test_the_lowest_priority_is_a_spot_price_of_the_gpu_alone() -> None:
    offer = recorded_offers(salad)["RTX 4090 24GB, lowest priority"]
    assert (offer.price, offer.price_month, offer.price_basis) == (None, None, "gpu_only")


def test_ram_and_vcpus_of_the_row_are_not_the_gpus() -> None:
    offers = by_type(salad.offers("GPU VRAM RAM RTX 5090 32GB 8GB 4 vCPUs $0.250 $182.50 GTX 1660 Super (6 GB) $0.030"))
    assert {name: offer.gpu_memory_gb for name, offer in offers.items()} == {
        "RTX 5090 32GB, lowest priority": 32,
        "GTX 1660 Super 6 GB, lowest priority": 6,
    }


def test_a_gpu_to_ask_for_takes_no_other_gpus_price() -> None:
    offers = by_type(salad.offers("H100 NVL 94GB Contact us RTX 3060 12GB $0.060"))
    assert [*offers] == ["RTX 3060 12GB, lowest priority"]
