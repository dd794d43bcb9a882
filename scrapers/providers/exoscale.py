"""Exoscale: the public price list that its price page reads, no key needed.

Prices are euros per instance-hour before tax, the same in all zones; the disk is extra.  The list has keys and
amounts only ("running_gpu3_small"), so which GPU a family has is stated here.  Only the size "small" is read, which
has one GPU: how many the larger ones have, the list doesn't say.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
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


def offers(answer: Mapping[str, Any]) -> Iterator[Offer]:
    """The smallest instance of each GPU family; a family not in the list above keeps its own name as the GPU's."""
    for key, amount in answer["eur"].items():
        if named := _KEY.fullmatch(key):
            family = named["family"].replace("_", "")
            yield Offer(
                instance_type=f"{family}.small",
                gpu_name=_GPUS.get(family, family),
                price=money(amount),
                currency="EUR",
                price_unit="instance_hour",
            )
