"""Verda, formerly DataCrunch: public JSON list of instance types, no key needed.

Prices are strings, US dollars per instance-hour before tax, the same in all its locations.  Availability needs
a key, so it is not stated.
"""

import re

from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
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


def _read(kind: Record) -> Draft | LeftOut:
    name, gpu = kind.text("instance_type"), kind.record("gpu")
    gpus = gpu.count("number_of_gpus")
    if not gpus:
        return LeftOut("no_gpu", name)
    total = kind.record("gpu_memory", {}).number("size_in_gigabytes", None)
    return Draft(
        instance_type=name,
        gpu_name=_MEMORY.sub("", _COUNT.sub("", gpu.text("description"))),
        gpu_count=gpus,
        gpu_memory_gb=total / gpus if total else None,
        price=kind.price("price_per_hour"),
        price_spot=kind.price("spot_price", None),
        currency=kind.text("currency", "usd").upper(),
        price_unit="instance_hour",
        vcpu_count=kind.record("cpu", {}).count("number_of_cores", None),
        ram_gb=kind.record("memory", {}).number("size_in_gigabytes", None),
    )


offers = RowParser("an instance type", records, _read, key=lambda kind: (kind.text("instance_type"), ""))
