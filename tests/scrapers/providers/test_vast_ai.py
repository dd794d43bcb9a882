import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers.vast_ai import GROUPS, SOURCE, offers


def listing(price: str | None = "0.40", **fields: Any) -> dict[str, Any]:
    return {
        "gpu_name": "RTX 4090",
        "num_gpus": 1,
        "gpu_ram": 24564,
        "dph_total": price and Decimal(price),
        "min_bid": Decimal("0.2"),
        "geolocation": "Montana, US",
        "verification": "verified",
        "hosting_type": 0,
        "machine_id": 1,
        "rentable": True,
        "rented": False,
        "cpu_cores_effective": Decimal("15.9"),
        **fields,
    }


def read(*listings: dict[str, Any]) -> list[Offer]:
    return list(offers({"rtx_4090": {"offers": list(listings)}}))


def test_h100_as_in_the_source(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("vast-ai", "1x h100 sxm 80gb")
    assert (offer.price, offer.price_spot, offer.gpu_name) == (Decimal("1.49"), None, "H100 SXM")
    assert offer.availability is None


def test_rtx_4090_as_in_the_source(recorded_offer: Callable[..., Offer]) -> None:
    assert recorded_offer("vast-ai", "1x rtx 4090 24gb").price == Decimal("0.31")


def test_a_bid_holds_the_disk_as_the_price_on_demand_does() -> None:
    [offer] = read(listing("0.50", min_bid=Decimal("0.1"), storage_total_cost=Decimal("0.02")))
    assert (offer.instance_type, offer.region) == ("verified/1x rtx 4090 24gb", "US")
    assert (offer.price, offer.price_spot) == (Decimal("0.50"), Decimal("0.12"))
    assert offer.price_includes == {"tier": "verified"}


def test_overlapping_sizes_of_a_machine_are_whole_gpus() -> None:
    one, four = read(listing(), listing("1.60", num_gpus=4, gpu_frac=Decimal("0.5")))
    assert (one.gpu_share, four.gpu_share) == (1, 1)
    assert (four.gpu_count, four.price, four.price_unit) == (4, Decimal("1.60"), "instance_hour")


def test_tiers_countries_and_memory_are_separate_offers() -> None:
    found = read(
        listing(hosting_type=1),
        listing(verification="unverified"),
        listing(geolocation="Sweden, SE"),
        listing(gpu_ram=49140),
    )
    assert [(o.instance_type, o.region) for o in found] == [
        ("datacenter/1x rtx 4090 24gb", "US"),
        ("unverified/1x rtx 4090 24gb", "US"),
        ("verified/1x rtx 4090 24gb", "SE"),
        ("verified/1x rtx 4090 48gb", "US"),
    ]


def test_an_unknown_place_is_no_region() -> None:
    assert [o.region for o in read(listing(geolocation=None))] == [""]
    assert [o.region for o in read(listing(geolocation="Earth"))] == [""]


def test_rented_listings_are_left_out_and_one_without_a_price_has_its_bid() -> None:
    found = offers.parse({"rtx_4090": {"offers": [listing(rented=True), listing(rentable=False), listing(None)]}})
    assert [left.rule for left in found.left_out] == ["let_already", "let_already"]
    [offer] = found.offers
    assert (offer.price, offer.price_spot, list(offer.odd_prices)) == (None, Decimal("0.2"), ["price"])


def test_the_last_search_takes_all_other_gpus() -> None:
    query = json.loads(SOURCE.sources["others"].request().body)
    assert sorted(query["gpu_name"]["notin"]) == sorted(name for names in GROUPS.values() for name in names)
