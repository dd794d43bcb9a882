"""Lambda: its cloud API, with a key (any account's; sent as a bearer token).

Prices are US cents per instance-hour before tax, the same in all regions.  An instance type without a region
that has capacity is sold out, and keeps its price.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider(
    "lambda-labs",
    "Lambda",
    pricing_url="https://lambda.ai/pricing",
    needs_key=True,
    minimum_offers=5,
    must_have=("h100-sxm",),
)
SOURCE = Json("https://cloud.lambda.ai/api/v1/instance-types", headers={"Authorization": "Bearer {key}"})

_DESCRIPTION = re.compile(r"(?P<model>.+?) \((?P<memory>\d+) GB ?(?P<form>[^)]*)\)")

_Row = tuple[str, Record]


def _rows(answer: Any) -> Iterator[_Row]:
    return record(answer).entries("data")


def _key(row: _Row) -> tuple[str, str]:
    return row[0], ""


def _read(row: _Row) -> Draft | LeftOut:
    name, entry = row
    kind = entry.record("instance_type")
    specs = kind.record("specs")
    if not specs.count("gpus"):
        return LeftOut("no_gpu", name)
    gpu, memory = _gpu(kind.text("gpu_description"))
    regions = entry.records("regions_with_capacity_available", [])
    is_stated = "regions_with_capacity_available" in entry
    return Draft(
        instance_type=kind.text("name", name),
        instance_name=kind.text("description", None),
        gpu_name=gpu,
        gpu_count=specs.count("gpus"),
        gpu_memory_gb=memory,
        available_regions=tuple(region.text("name") for region in regions),
        price=kind.price("price_cents_per_hour", per=100),
        currency="USD",
        price_unit="instance_hour",
        availability=("available" if regions else "sold_out") if is_stated else None,
        vcpu_count=specs.count("vcpus", None),
        ram_gb=specs.number("memory_gib", None),
        storage_gb=specs.count("storage_gib", None),
    )


def _gpu(description: str) -> tuple[str, Decimal | None]:
    """The GPU's name and memory: "H100 SXM5" and 80 for "H100 (80 GB SXM5)"; other texts are kept as they are."""
    found = _DESCRIPTION.fullmatch(description)
    if found is None:
        return description, None
    return f"{found['model']} {found['form']}".strip(), Decimal(found["memory"])


offers = RowParser("an instance type", _rows, _read, _key)
