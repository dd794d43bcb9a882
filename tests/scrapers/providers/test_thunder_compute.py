from decimal import Decimal

from scrapers.providers import thunder_compute
from tests.scrapers.providers.replayed import by_type, recorded_offers


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(thunder_compute)
    assert offers["a6000_x1"].price == Decimal("0.35")
    assert offers["h100_x1"].price == Decimal("3.19")
    assert (offers["a100xl_x1"].gpu_name, offers["a100xl_x1"].gpu_memory_gb) == ("A100", 80)


def test_a_price_is_the_whole_machines() -> None:
    answer = {
        "pricing": {"pricing": {"a100xl_x2_production": Decimal("3.58")}},
        "specs": {"specs": {"a100xl_x2_production": {"displayName": "A100 80GB", "vramGB": 80, "gpuCount": 2}}},
    }
    offer = by_type(thunder_compute.offers(answer))["a100xl_x2_production"]
    assert (offer.price, offer.gpu_count, offer.price_unit) == (Decimal("3.58"), 2, "instance_hour")


def test_disks_and_further_processors_are_left_out() -> None:
    prices = {"disk_gb": 0.0002, "additional_vcpus": 0.04, "snapshot_gb": 0.00007, "l40s_x1_prototyping": 0.99}
    offers = by_type(thunder_compute.offers({"pricing": {"pricing": prices}, "specs": {"specs": {}}}))
    assert {name: offer.gpu_name for name, offer in offers.items()} == {"l40s_x1_prototyping": "l40s"}
