from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import cloudrift
from tests.scrapers.providers.replayed import recorded_offers

GIB = 1024**3


def parsed(**fields: Any) -> list[Offer]:
    variant = {
        "name": "rtx49-7c-kn.2",
        "cpu_count": 30,
        "gpu_count": 2,
        "dram": 100 * GIB,
        "disk": 500 * GIB,
        "vram": 24 * GIB,
        "cost_per_hour": Decimal("77.5"),
        **fields,
    }
    return list(cloudrift.offers({"data": {"instance_types": [{"brand_short": "RTX 4090", "variants": [variant]}]}}))


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(cloudrift)
    assert offers["rtx49-10c-kn.1"].price == Decimal("0.39")
    assert offers["rtxpro6000-12-100-1500-nr.1"].price == Decimal("1.3416")
    assert (offers["rtx49-10c-kn.8"].price, offers["rtx49-10c-kn.8"].gpu_count) == (Decimal("3.12"), 8)


def test_cents_are_for_the_machine_and_sizes_in_bytes() -> None:
    [offer] = parsed()
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("0.775"), "instance_hour", 2)
    assert (offer.gpu_memory_gb, offer.ram_gb, offer.storage_gb) == (24, 100, 500)


def test_each_data_centre_is_an_offer_of_its_own() -> None:
    offers = parsed(nodes_per_dc={"us-east-nc-nr-1": 3, "ap-south-kn-1": 0})
    assert [(offer.region, offer.availability) for offer in offers] == [
        ("us-east-nc-nr-1", "available"),
        ("ap-south-kn-1", "sold_out"),
    ]


def test_a_variant_in_no_data_centre_is_sold_out() -> None:
    assert [(offer.region, offer.availability) for offer in parsed(nodes_per_dc={})] == [("", "sold_out")]
    assert [(offer.region, offer.availability) for offer in parsed()] == [("", None)]


def test_machines_without_a_gpu_are_left_out() -> None:
    assert parsed(gpu_count=0) == []
