"""Seeweb: the plans of its API, with a key (sent as X-APITOKEN).

Prices are euros per hour for the whole server, before tax.  Counts and sizes are text; RAM is in MB, the disk in
GB.  A plan's name doesn't tell the GPU, its label does ("L40s 48GB"); Tenstorrent's cards are no GPUs and left out.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import count, money
from scrapers.sources import Json

PROVIDER = Provider(
    "seeweb",
    "Seeweb",
    pricing_url="https://www.seeweb.it/en/products/cloud-server-gpu",
    needs_key=True,
    minimum_offers=5,
    must_have=("l40s",),
)
SOURCE = Json("https://api.seeweb.it/ecs/v2/plans", headers={"X-APITOKEN": "{key}"})


def offers(answer: Any) -> Iterator[Offer]:
    """Each plan with GPUs, with the regions that have it."""
    for plan in answer["plans"]:
        if count(plan.get("gpu")) and "tenstorrent" not in plan["gpu_label"].lower():
            yield _offer(plan)


def _offer(plan: Mapping[str, Any]) -> Offer:
    regions = plan.get("available_regions")
    is_free = plan.get("available", True) and regions != []
    return Offer(
        instance_type=plan["name"],
        gpu_name=plan["gpu_label"],
        gpu_count=count(plan["gpu"]),
        available_regions=tuple(dict.fromkeys(region["location"] for region in regions or ())),
        price=money(plan["hourly_price"]),
        currency="EUR",
        price_unit="instance_hour",
        availability=None if regions is None else "available" if is_free else "sold_out",
        vcpu_count=count(plan.get("cpu")),
        ram_gb=Decimal(count(plan["ram"]) or 0) / 1024 if plan.get("ram") else None,
        storage_gb=count(plan.get("disk")),
    )
