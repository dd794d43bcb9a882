from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import mithril
from scrapers.row_parser import Parsed

KIND = {
    "fid": "it_1",
    "name": "h100-80gb.sxm.8x",
    "num_gpus": 8,
    "gpu_type": "H100",
    "gpu_memory_gb": 80,
    "ram_gb": 1814,
}


def parsed(*spot: dict[str, Any]) -> Parsed:
    cpu = {"fid": "it_2", "name": "cpu.1x", "num_gpus": 0}
    return mithril.offers.parse({"types": [KIND, cpu], "spot": list(spot)})


def test_an_auction_s_last_price_is_a_spot_price_and_there_is_no_other() -> None:
    [sold] = parsed({"instance_type": "it_1", "region": "us-central2-a", "last_instance_price": "$19.20"}).offers
    assert (sold.price, sold.price_spot, sold.region) == (None, Decimal("19.2"), "us-central2-a")
    assert (sold.gpu_name, sold.gpu_count, sold.price_unit) == ("H100 sxm", 8, "instance_hour")


def test_an_auction_without_a_last_price_has_none() -> None:
    found = parsed({"instance_type": "it_1", "region": "us-west1-b"})
    assert [(left.rule, left.name) for left in found.left_out] == [("no_price", "h100-80gb.sxm.8x")]
    assert not found.offers


def test_the_recording_knows_no_last_price(replayed: Callable[[str], list[Offer]]) -> None:
    assert replayed("mithril") == []


def test_a_type_that_is_in_no_auction_or_has_no_gpu_is_left_out() -> None:
    assert parsed().rows == 0
    found = parsed({"instance_type": "it_2", "region": "us-west1-b", "last_instance_price": "$0.10"})
    assert [left.rule for left in found.left_out] == ["no_gpu"]


def test_both_lists_are_asked_for_with_the_key() -> None:
    assert {source.headers["Authorization"] for source in mithril.SOURCE.sources.values()} == {"Bearer {key}"}
