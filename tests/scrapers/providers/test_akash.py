from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers.akash import offers


def read(price: dict[str, Any] | None, **fields: Any) -> list[Offer]:
    model = {"vendor": "nvidia", "model": "h100", "ram": "80Gi", "interface": "SXM5", "price": price}
    return list(offers({"models": [{**model, **fields}]}))


def bids(**amounts: str | None) -> dict[str, Any]:
    return {"currency": "USD", **{name: amount and Decimal(amount) for name, amount in amounts.items()}}


def test_rtx_4090_as_in_the_source(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("akash", "1x rtx4090 24gi")
    assert (offer.price, offer.price_unit) == (Decimal("0.17"), "gpu_hour")


def test_h200_as_in_the_source(recorded_offer: Callable[..., Offer]) -> None:
    assert recorded_offer("akash", "1x h200 141gi").price == Decimal("2.9")


def test_the_lowest_bid_is_the_price_and_an_average_is_none() -> None:
    [offer] = read(bids(min="1.25", max="3", avg="2", weightedAverage="1.9", med="1.6"))
    assert offer.price == Decimal("1.25")
    found = offers.parse({"models": [{"model": "h100", "price": bids(avg="2", med="1.6")}]})
    assert [(left.rule, left.name) for left in found.left_out] == [("average", "1x h100")]


def test_the_form_is_part_of_the_name_where_it_matters() -> None:
    [data_centre] = read(bids(min="1"))
    [gaming] = read(bids(min="1"), model="rtx4090", ram="24Gi", interface="PCIe")
    assert (data_centre.gpu_name, data_centre.gpu_memory_gb) == ("h100 SXM5", 80)
    assert (gaming.gpu_name, gaming.instance_type) == ("rtx4090", "1x rtx4090 24gi pcie")


def test_no_bid_means_no_offer_and_no_availability_means_sold_out() -> None:
    assert read(None) == []
    [offer] = read(bids(min="1"), availability={"total": 4, "available": 0})
    assert offer.availability == "sold_out"
