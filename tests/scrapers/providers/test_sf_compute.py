import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import lxml.html
import pytest

from scrapers.offer import Offer
from scrapers.providers.sf_compute import offers


def read(markets: dict[str, Any] | None) -> list[Offer]:
    properties = {"children": "prices"} if markets is None else {"pricesByHardwareType": markets}
    row = "7:" + json.dumps(["$", "$L8", None, properties]) + "\n"
    pushed = f"self.__next_f.push([1,{json.dumps(row)}])"
    page = f"<html><body><script>var other</script><script>{pushed}</script></body></html>"
    return list(offers(lxml.html.document_fromstring(page)))


def day(number: int, average: float) -> dict[str, Any]:
    return {"date": f"$D2026-08-{number:02}T23:59:59.000Z", "avg": average, "top": average, "bottom": average}


def test_h100_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("sf-compute", "8x h100")
    assert (offer.price, offer.price_spot, offer.price_unit) == (None, Decimal("1.81"), "gpu_hour")
    assert offer.gpu_count == 8


def test_the_newest_day_with_trade_counts() -> None:
    [offer] = read({"H100": [day(19, 2.5), day(22, 0), day(21, 1.9), day(20, 2.1)]})
    assert offer.price_spot == Decimal("1.9")


def test_a_market_without_recent_trade_makes_no_offer() -> None:
    assert read({"H200": [day(18, 3.1), day(20, 0), day(21, 0), day(22, 0)], "B200": []}) == []


def test_a_page_without_series_is_an_error() -> None:
    with pytest.raises(ValueError, match="pricesByHardwareType"):
        read(None)
