from decimal import Decimal

from scrapers.providers import tensordock
from tests.scrapers.providers.replayed import by_type, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(tensordock)
    assert offers["H100 SXM5 80GB"].price == Decimal("2.25")
    assert offers["V100 SXM2 16GB"].price == Decimal("0.17")
    assert offers["RTX A4000 16GB"].price == Decimal("0.1")


def test_a_price_is_the_gpus_alone() -> None:
    offer = recorded_offers(tensordock)["RTX 4090 24GB"]
    assert (offer.price_basis, offer.price_unit, offer.gpu_memory_gb) == ("gpu_only", "gpu_hour", 24)


def test_a_price_belongs_to_the_nearest_name_before_it() -> None:
    text = "NVIDIA H100 SXM5, better than an A100 PCIe 80GB from $1.50/hour. NVIDIA L40 48 GB $0.95 per hour"
    offers = by_type(tensordock.offers(text))
    assert {name: offer.price for name, offer in offers.items()} == {
        "A100 PCIe 80GB": Decimal("1.5"),
        "NVIDIA L40 48 GB": Decimal("0.95"),
    }


def test_prices_per_month_and_prices_of_memory_are_left_out() -> None:
    assert not by_type(tensordock.offers("RTX 4090 $250.00/month and RAM at $0.002/GB/hr"))
