from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers import paperspace
from tests.scrapers.providers.replayed import recorded_offers


def parsed(**fields: Any) -> list[Offer]:
    kind = {
        "label": "A100-80Gx8",
        "cpus": 96,
        "ram": "687194767360",
        "gpu": "Ampere A100 80G",
        "defaultUsageRates": [
            {"description": "A100-80Gx8 monthly", "rate": 17000, "type": "monthly"},
            {"description": "A100-80Gx8 hourly", "rate": Decimal("25.44"), "type": "hourly"},
        ],
        "availability": [
            {"region": "East Coast (NY2)", "isAvailable": True},
            {"region": "Europe (AMS1)", "isAvailable": False},
        ],
        **fields,
    }
    return list(paperspace.offers([{"items": [kind], "hasMore": False}]))


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(paperspace)
    assert (offers["A100-80G"].price, offers["H100"].price) == (Decimal("3.28"), Decimal("5.99"))


def test_a_rate_is_the_whole_machines() -> None:
    [offer] = parsed()
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("25.44"), "instance_hour", 8)
    assert (offer.vcpu_count, offer.ram_gb) == (96, 640)
    assert (offer.available_regions, offer.availability) == (("East Coast (NY2)",), "available")


@pytest.mark.parametrize(
    ("label", "gpu", "count"),
    [
        ("A100", "A100 40GB", 1),
        ("GPU+", "Quadro M4000", 1),
        ("RTX4000x2", "Quadro RTX 4000", 2),
        ("V100-32Gx4", "V100-32G", 4),
        ("P4000x2", "P4000", 2),
    ],
)
def test_the_label_tells_the_gpus(label: str, gpu: str, count: int) -> None:
    [offer] = parsed(label=label)
    assert (offer.gpu_name, offer.gpu_count) == (gpu, count)


def test_machines_without_a_gpu_or_an_hourly_rate_are_left_out() -> None:
    assert parsed(label="C5", gpu="None") == parsed(defaultUsageRates=[]) == []
