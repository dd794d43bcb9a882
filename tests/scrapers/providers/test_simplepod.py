from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import simplepod
from tests.scrapers.providers.conftest import offers_of


def parsed(**fields: Any) -> list[Offer]:
    host = {
        "gpuModel": "RTX 4090",
        "gpuCount": 1,
        "gpuMemorySize": 24564,
        "cpuCoreCount": 64,
        "systemMemory": 262144,
        "pricePerGpu": Decimal("0.34"),
        "rig": {"region": "Europe", "country": "PL"},
        **fields,
    }
    return list(simplepod.offers([host]))


def test_prices_are_those_of_the_answer() -> None:
    offers = {(offer.instance_type, offer.region): offer.price for offer in offers_of("simplepod")}
    assert offers["1x RTX 4090", "Europe-PL"] == Decimal("0.34")
    assert offers["1x RTX 3060", "North America-CA"] == Decimal("0.07")


def test_a_price_is_a_gpus() -> None:
    [offer] = parsed()
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("0.34"), "gpu_hour", 1)


def test_hosts_with_several_gpus_are_left_out_whose_price_is_not_sure() -> None:
    assert parsed(gpuCount=2, pricePerGpu=Decimal("0.68")) == []


def test_memory_is_in_megabytes() -> None:
    [offer] = parsed()
    assert (round(offer.gpu_memory_gb or 0), offer.ram_gb) == (24, 256)


def test_a_host_that_says_nothing_of_its_place_has_no_region() -> None:
    assert parsed(rig=None)[0].region == ""


def test_the_key_is_sent_as_the_api_wants_it() -> None:
    assert simplepod.PROVIDER.needs_key
    assert simplepod.SOURCE.headers["X-AUTH-TOKEN"] == "{key}"
