"""Exoscale: the public price list that its price page reads, no key needed.

Prices are euros per instance-hour before tax, the same in all zones; the disk is extra.  The list has only keys and
amounts ("running_gpu3_small"), so which GPU a family has is stated here.  Only the size "small" is read, which has one
GPU: the list doesn't say how many the larger ones have.
"""

import re
from collections.abc import Iterator
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider(
    "exoscale",
    "Exoscale",
    pricing_url="https://www.exoscale.com/pricing/",
    minimum_offers=2,
    must_have=("a40",),
)
SOURCE = Json("https://portal.exoscale.com/api/pricing/opencompute")

# As github.com/e-minguez/suse-ai-factory-cloud-providers notes them (docs, October 2026); the newer families' names
# tell the GPU.
_GPUS = {
    "gpu2": "V100",
    "gpu3": "A40",
    "gpu3080ti": "RTX 3080 Ti",
    "gpua30": "A30",
    "gpua5000": "RTX A5000",
    "gpurtx6000pro": "RTX PRO 6000",
}
_KEY = re.compile(r"running_(?P<family>gpu_?\w*?)_small")


_Row = tuple[str, Record]


def _rows(answer: Any) -> Iterator[_Row]:
    prices = record(answer).record("eur")
    return ((key, prices) for key in prices.names())


def _read(row: _Row) -> Draft | LeftOut:
    """The smallest instance of a GPU family; for a family missing above, its own name stands for the GPU's."""
    key, prices = row
    named = _KEY.fullmatch(key)
    if not named:
        return LeftOut("other_product", key)
    family = _family(named)
    return Draft(
        instance_type=f"{family}.small",
        gpu_name=_GPUS.get(family, family),
        gpu_count=1,
        price=prices.price(key, currency="EUR"),
        currency="EUR",
        price_unit="instance_hour",
    )


def _key(row: _Row) -> tuple[str, str]:
    named = _KEY.fullmatch(row[0])
    return (f"{_family(named)}.small" if named else row[0]), ""


def _family(named: re.Match[str]) -> str:
    return named["family"].replace("_", "")


offers = RowParser("an amount of the price list", _rows, _read, _key)
