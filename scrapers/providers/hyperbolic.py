"""Hyperbolic: the rental options of its public API, no key needed.

Prices are US cents per hour for the whole option, before tax.  Options come and go with the stock, so an instance
type is what one can look for again: machine type, number of GPUs, model and form factor.  An answer without
"totalAvailable" doesn't say how many are left.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import cents
from scrapers.sources import Json

PROVIDER = Provider(
    "hyperbolic",
    "Hyperbolic",
    pricing_url="https://www.hyperbolic.ai/pricing",
    source_class="marketplace_api",
    minimum_offers=2,
)
SOURCE = Json("https://api.hyperbolic.ai/v2/alpha/on-demand/rental-options")


def offers(options: list[Mapping[str, Any]]) -> Iterator[Offer]:
    """Each option that is switched on."""
    for option in options:
        if option["enabled"] and option["gpuCount"]:
            yield _offer(option)


def _offer(option: Mapping[str, Any]) -> Offer:
    gpu = " ".join(filter(None, (option["gpuType"].upper(), option.get("gpuFormFactor"))))
    nodes = option.get("nodes") or ()
    return Offer(
        instance_type=f"{option.get('machineType') or 'machine'}/{option['gpuCount']}x {gpu}",
        gpu_name=gpu,
        gpu_count=option["gpuCount"],
        region=option.get("region") or "",
        price=cents(option["costPerHourCents"]),
        currency="USD",
        price_unit="instance_hour",
        availability=_availability(option.get("totalAvailable")),
        vcpu_count=sum(node.get("vcpuCount") or 0 for node in nodes) or None,
        ram_gb=sum(node.get("ramGb") or 0 for node in nodes) or None,
        storage_gb=sum(node.get("storageGb") or 0 for node in nodes) or None,
        has_infiniband=option["connectionType"] == "infiniband" if option.get("connectionType") else None,
    )


def _availability(left: int | None) -> Availability | None:
    if left is None:
        return None
    return "available" if left else "sold_out"
