import json
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from scrapers.offer import Offer
from scrapers.providers.sf_compute import offers
from scrapers.row_parser import Parsed


def parsed(markets: dict[str, Any] | None) -> Parsed:
    properties = {"children": "prices"} if markets is None else {"pricesByHardwareType": markets}
    row = "7:" + json.dumps(["$", "$L8", None, properties]) + "\n"
    pushed = f"self.__next_f.push([1,{json.dumps(row)}])"
    page = f"<html><body><script>var other</script><script>{pushed}</script></body></html>"
    return offers.parse(lxml.html.document_fromstring(page))


def test_the_average_of_the_snapshot_is_no_offer(replayed: Callable[[str], list[Offer]]) -> None:
    assert replayed("sf-compute") == []


def test_every_gpu_with_a_series_is_left_out_as_an_average() -> None:
    found = parsed({"H100": [{"avg": 1.9}], "B200": []})
    assert [(left.rule, left.name) for left in found.left_out] == [("average", "H100"), ("average", "B200")]
    assert found.rows == 2


def test_a_page_without_series_is_an_error() -> None:
    with pytest.raises(ValueError, match="pricesByHardwareType"):
        parsed(None)
