from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers.datacrunch import offers


def read(**fields: Any) -> list[Offer]:
    kind: dict[str, Any] = {
        "instance_type": "8H100.80S.176V",
        "gpu": {"description": "8x H100 SXM5 80GB", "number_of_gpus": 8},
        "gpu_memory": {"size_in_gigabytes": 640},
        "cpu": {"number_of_cores": 176},
        "memory": {"size_in_gigabytes": 1480},
        "price_per_hour": "26.00",
        "spot_price": "13.00",
        "currency": "usd",
    }
    return list(offers([{**kind, **fields}]))


def test_h100_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("datacrunch", "1H100.80S.30V")
    assert (offer.price, offer.price_spot, offer.currency) == (Decimal("3.25"), None, "USD")
    assert (offer.gpu_name, offer.gpu_memory_gb) == ("H100 SXM5", 80)


def test_v100_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    assert recorded_offer("datacrunch", "1V100.6V").price == Decimal("0.17")


def test_prices_are_of_the_instance_and_memory_of_one_gpu() -> None:
    [offer] = read()
    assert (offer.price, offer.price_spot, offer.price_unit) == (26, 13, "instance_hour")
    assert (offer.gpu_count, offer.gpu_memory_gb, offer.vcpu_count, offer.ram_gb) == (8, 80, 176, 1480)


def test_types_without_gpu_or_price_make_no_offer() -> None:
    assert read(gpu={"description": "", "number_of_gpus": 0}) == []
    assert read(price_per_hour="0.00", spot_price=None) == []


def test_a_type_rented_as_spot_only_makes_an_offer() -> None:
    [offer] = read(price_per_hour=None)
    assert (offer.price, offer.price_spot) == (None, 13)
