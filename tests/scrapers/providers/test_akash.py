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
    assert offer.price_includes == {"statistic": "minimum"}


def test_h200_as_in_the_source(recorded_offer: Callable[..., Offer]) -> None:
    assert recorded_offer("akash", "1x h200 141gi").price == Decimal("2.9")


def test_the_median_goes_before_the_minimum() -> None:
    [offer] = read(bids(min="1.25", max="3", avg="2", weightedAverage="1.9", med="1.6"))
    assert (offer.price, offer.price_includes) == (Decimal("1.6"), {"statistic": "median"})
    [offer] = read(bids(min="1.25", weightedAverage="1.9", med=None))
    assert offer.price_includes == {"statistic": "weighted average"}


def test_the_form_is_part_of_the_name_where_it_matters() -> None:
    [data_centre] = read(bids(min="1"))
    [gaming] = read(bids(min="1"), model="rtx4090", ram="24Gi", interface="PCIe")
    assert (data_centre.gpu_name, data_centre.gpu_memory_gb) == ("h100 SXM5", 80)
    assert (gaming.gpu_name, gaming.instance_type) == ("rtx4090", "1x rtx4090 24gi pcie")


def test_no_bid_means_no_offer_and_no_stock_means_sold_out() -> None:
    assert read(None) == []
    [offer] = read(bids(med="1"), availability={"total": 4, "available": 0})
    assert offer.availability == "sold_out"
