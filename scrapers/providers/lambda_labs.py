"""Lambda: its cloud API, with a key (any account's; sent as a bearer token).

Prices are US cents per instance-hour before tax, the same in all regions.  An instance type without a region
that has capacity is sold out; its price stands.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import cents
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


def offers(answer: Any) -> Iterator[Offer]:
    """One offer of each instance type with GPUs."""
    for entry in answer["data"].values():
        kind = entry["instance_type"]
        specs, price = kind["specs"], cents(kind["price_cents_per_hour"])
        if specs["gpus"] and price:
            name, memory = _gpu(kind["gpu_description"])
            regions = entry.get("regions_with_capacity_available")
            yield Offer(
                instance_type=kind["name"],
                instance_name=kind.get("description"),
                gpu_name=name,
                gpu_count=specs["gpus"],
                gpu_memory_gb=memory,
                available_regions=tuple(region["name"] for region in regions or ()),
                price=price,
                currency="USD",
                price_unit="instance_hour",
                availability=_availability(regions),
                vcpu_count=specs.get("vcpus"),
                ram_gb=specs.get("memory_gib"),
                storage_gb=specs.get("storage_gib"),
            )


def _gpu(description: str) -> tuple[str, Decimal | None]:
    """For "H100 (80 GB SXM5)" it is "H100 SXM5" and 80; other texts stay as they are."""
    found = _DESCRIPTION.fullmatch(description)
    if found is None:
        return description, None
    return f"{found['model']} {found['form']}".strip(), Decimal(found["memory"])


def _availability(regions: list[Mapping[str, Any]] | None) -> Availability | None:
    if regions is None:
        return None
    return "available" if regions else "sold_out"
