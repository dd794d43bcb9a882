"""CloudRift: the list of virtual machines of its public API, no key needed.

Prices are US cents per machine-hour before tax.  A machine's memory, and that of each of its GPUs, is in bytes.  A
variant is let in the data centres that it lists with the number of free nodes; without any it is sold out.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import cents
from scrapers.sources import Json

PROVIDER = Provider(
    "cloudrift",
    "CloudRift",
    pricing_url="https://www.cloudrift.ai/pricing",
    minimum_offers=3,
    must_have=("rtx-4090",),
)
SOURCE = Json(
    "https://api.cloudrift.ai/api/v1/instance-types/list",
    post={"version": "2025-03-21", "data": {"selector": {"ByServiceAndLocation": {"services": ["vm"]}}}},
)
_GIB = 1024**3


def offers(answer: Any) -> Iterator[Offer]:
    """Each variant with GPUs once in each of its data centres, or once where it lists none."""
    for kind in answer["data"]["instance_types"]:
        for variant in kind["variants"]:
            if variant["gpu_count"]:
                for region, free in _centres(variant).items():
                    yield _offer(kind["brand_short"], variant, region, free)


def _centres(variant: Mapping[str, Any]) -> Mapping[str, int | None]:
    """Free nodes by data centre; None where the answer doesn't list any centres."""
    centres: Mapping[str, int] | None = variant.get("nodes_per_dc")
    return {"": None} if centres is None else centres or {"": 0}


def _offer(gpu: str, variant: Mapping[str, Any], region: str, free: int | None) -> Offer:
    return Offer(
        instance_type=variant["name"],
        gpu_name=gpu,
        gpu_count=variant["gpu_count"],
        gpu_memory_gb=_gb(variant.get("vram")),
        region=region,
        price=cents(variant["cost_per_hour"]),
        currency="USD",
        price_unit="instance_hour",
        availability=_availability(free),
        vcpu_count=variant.get("cpu_count"),
        ram_gb=_gb(variant.get("dram")),
        storage_gb=variant["disk"] // _GIB if variant.get("disk") else None,
    )


def _availability(free: int | None) -> Availability | None:
    if free is None:
        return None
    return "available" if free else "sold_out"


def _gb(size: int | None) -> Decimal | None:
    """GiB, to a hundredth, for a size in bytes."""
    return round(Decimal(size) / _GIB, 2) if size else None
