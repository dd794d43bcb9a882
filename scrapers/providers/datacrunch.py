"""Verda, formerly DataCrunch: public JSON list of instance types, no key needed.

Prices are strings, US dollars per instance-hour before tax, the same in all its locations.  Which of them have
stock is told with a key only, so availability is not stated.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider(
    "datacrunch",
    "Verda, formerly DataCrunch",
    pricing_url="https://verda.com/pricing",
    minimum_offers=8,
    must_have=("h100-sxm",),
)
SOURCE = Json("https://api.datacrunch.io/v1/instance-types")

_COUNT = re.compile(r"^\d+x ")
_MEMORY = re.compile(r" \d+ ?GB$")


def offers(instance_types: Any) -> Iterator[Offer]:
    """One offer of each instance type with GPUs; the list has CPU types too."""
    for kind in instance_types:
        gpus = kind["gpu"]["number_of_gpus"]
        price, spot = money(kind.get("price_per_hour")), money(kind.get("spot_price"))
        if gpus and (price or spot):
            total = kind.get("gpu_memory", {}).get("size_in_gigabytes")
            yield Offer(
                instance_type=kind["instance_type"],
                gpu_name=_MEMORY.sub("", _COUNT.sub("", kind["gpu"]["description"])),
                gpu_count=gpus,
                gpu_memory_gb=Decimal(total) / gpus if total else None,
                price=price,
                price_spot=spot,
                currency=kind.get("currency", "usd").upper(),
                price_unit="instance_hour",
                vcpu_count=kind.get("cpu", {}).get("number_of_cores"),
                ram_gb=kind.get("memory", {}).get("size_in_gigabytes"),
            )
