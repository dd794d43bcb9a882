from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers.ovhcloud import offers

H100 = {"model": "H100", "number": 1, "memory": {"size": 80}}


def addon(code: str = "h100-380.consumption", price: int = 280_000_000, **fields: Any) -> dict[str, Any]:
    unit = "month" if "monthly" in code else "hour"
    technical = {"cpu": {"cores": 30}, "memory": {"size": 380}, "gpu": H100}
    return {
        "planCode": code,
        "product": "publiccloud-instance",
        "pricings": [{"price": 0, "intervalUnit": "none"}, {"price": price, "intervalUnit": unit}],
        "blobs": {"technical": technical},
        **fields,
    }


def read(*addons: dict[str, Any], currency: str = "EUR") -> list[Offer]:
    return list(offers({"locale": {"currencyCode": currency}, "addons": list(addons)}))


def test_l4_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("ovhcloud", "l4-90")
    assert (offer.price, offer.currency, offer.gpu_name, offer.gpu_count) == (1, "USD", "L4", 1)


def test_eight_h200_cost_eight_times_the_snapshots_price(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("ovhcloud", "h200-1920")
    assert offer.price == Decimal("49.56") == 8 * Decimal("6.195")
    assert offer.gpu_count == 8


def test_hour_and_month_are_rows_of_one_offer_in_the_catalogues_currency() -> None:
    hour, month = read(addon(), addon("h100-380.monthly.postpaid", 194_250_000_000))
    assert {(one.instance_type, one.currency, one.gpu_count) for one in (hour, month)} == {("h100-380", "EUR", 1)}
    assert (hour.price, hour.price_month) == (Decimal("2.8"), None)
    assert (month.price, month.price_month) == (None, Decimal("1942.5"))
    assert (hour.vcpu_count, hour.ram_gb, hour.gpu_memory_gb) == (30, 380, 80)


def test_windows_other_products_and_other_machines_are_left_out() -> None:
    assert read(addon("win-h100-380.consumption")) == []
    assert read(addon("ai-training.h100-1-gpu.minute.consumption", product="publiccloud-ai-training")) == []
    assert read(addon(pricings=[{"price": 5_000_000, "intervalUnit": "minute"}])) == []
    assert read(addon("b3-8.consumption", blobs={"technical": {"cpu": {"cores": 2}}})) == []
    assert read(addon("x.consumption", blobs=None)) == []
    assert read(addon(price=0)) == []
