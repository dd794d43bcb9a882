from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers.scaleway import offers


def read(total: int = 1, **fields: Any) -> list[Offer]:
    product: dict[str, Any] = {
        "product": "L40S-2-48G",
        "status": "general_availability",
        "locality": {"zone": "fr-par-2"},
        "unit_of_measure": {"unit": "hour", "size": 1},
        "price": {"retail_price": {"currency_code": "EUR", "units": 2, "nanos": 940000000}},
        "properties": {
            "hardware": {
                "cpu": {"virtual": {"count": 16}, "threads": 16},
                "ram": {"size": 206158430208},
                "gpu": {"count": 2, "type": "L40S"},
            }
        },
    }
    return list(offers({"products": [{**product, **fields}], "total_count": total}))


def test_l4_in_euros(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("scaleway", "L4-1-24G")
    assert (offer.price, offer.currency, offer.gpu_memory_gb) == (Decimal("0.7875"), "EUR", 24)
    assert round(Decimal("0.7875") * Decimal("1.1699"), 4) == Decimal("0.9213")


def test_eight_b300_are_billed_by_the_minute(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("scaleway", "B300-SXM-8-288G")
    assert (offer.price, offer.price_unit, offer.gpu_count) == (1, "instance_minute", 8)
    assert round(Decimal(60) / 8 * Decimal("1.1699"), 3) == Decimal("8.774")


def test_an_instance_in_its_zone() -> None:
    [offer] = read()
    assert (offer.instance_type, offer.region, offer.price) == ("L40S-2-48G", "fr-par-2", Decimal("2.94"))
    assert (offer.gpu_count, offer.gpu_memory_gb, offer.vcpu_count, offer.ram_gb) == (2, 48, 16, 192)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "end_of_sale"},
        {"product": "PRO2-XS", "properties": {"hardware": {"cpu": {"threads": 4}}}},
        {"properties": {}},
        {"price": {}},
        {"unit_of_measure": {"unit": "gigabyte", "size": 1}},
    ],
)
def test_what_is_not_for_rent_by_time_makes_no_offer(fields: dict[str, Any]) -> None:
    assert read(**fields) == []


def test_an_incomplete_page_is_refused() -> None:
    with pytest.raises(ValueError, match="1 of 2000 products"):
        read(total=2000)
