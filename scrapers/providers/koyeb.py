"""Koyeb: its open catalogue of instance types, no key needed.

Prices are USD per instance-hour before tax, as strings, billed by the second; serverless.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.sources import Json

PROVIDER = Provider("koyeb", "Koyeb", pricing_url="https://www.koyeb.com/pricing", minimum_offers=5)
SOURCE = Json("https://app.koyeb.com/v1/catalog/instances?limit=100")

STATUS: dict[str, Availability] = {"available": "available", "deprecated": "deprecated"}


def offers(answer: Any) -> Iterator[Offer]:
    """Each instance type with a GPU.  Raises ValueError where the answer is not the whole catalogue."""
    instances = answer["instances"]
    if (answer.get("count") or 0) > len(instances):
        raise ValueError(f"{len(instances)} instance types of {answer['count']}: the catalogue has a second page")
    for instance in instances:
        if instance.get("gpu"):
            yield _offer(instance)


def _offer(instance: Any) -> Offer:
    gpu = instance["gpu"]
    name = " ".join(filter(None, (gpu.get("brand"), gpu["name"])))
    gpus = count(gpu.get("count")) or 1
    return Offer(
        instance_type=instance.get("id") or f"{gpus}x {name}",
        instance_name=instance.get("display_name"),
        gpu_name=name,
        gpu_count=gpus,
        gpu_memory_gb=memory_gb(gpu.get("memory")) if gpus == 1 else None,  # of several GPUs: whose isn't said
        available_regions=tuple(instance.get("regions") or ()),
        price=money(instance["price_hourly"]),
        availability=STATUS.get(str(instance.get("status")).casefold()),
        vcpu_count=count(instance.get("vcpu")),
        ram_gb=memory_gb(instance.get("memory")),
        currency="USD",
        price_unit="instance_hour",
        billing_increment_seconds=1,
    )
