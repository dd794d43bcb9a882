"""Hyperbolic: the rental options of its public API, no key needed.

Prices are US cents per hour for the whole option, before tax.  Options come and go with availability, so an instance
type is made of what stays: machine type, number of GPUs, model and form factor.  An answer without "totalAvailable"
doesn't state availability.
"""

from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider(
    "hyperbolic",
    "Hyperbolic",
    pricing_url="https://www.hyperbolic.ai/pricing",
    source_class="marketplace_api",
    minimum_offers=2,
)
SOURCE = Json("https://api.hyperbolic.ai/v2/alpha/on-demand/rental-options")


def _gpu(option: Record) -> str:
    return " ".join(filter(None, (option.text("gpuType").upper(), option.text("gpuFormFactor", ""))))


def _key(option: Record) -> tuple[str, str]:
    name = f"{option.text('machineType', 'machine')}/{option.count('gpuCount')}x {_gpu(option)}"
    return name, option.text("region", "")


def _read(option: Record) -> Draft | LeftOut:
    if not option.count("gpuCount"):
        return LeftOut("no_gpu", option.text("id", ""))
    name, region = _key(option)
    if not option.flag("enabled"):
        return LeftOut("not_let", name)
    return Draft(
        instance_type=name,
        gpu_name=_gpu(option),
        gpu_count=option.count("gpuCount"),
        region=region,
        price=option.price("costPerHourCents", per=100),
        currency="USD",
        price_unit="instance_hour",
        availability=option.availability("totalAvailable"),
        vcpu_count=_sum(option, "vcpuCount"),
        ram_gb=_sum(option, "ramGb"),
        storage_gb=_sum(option, "storageGb"),
        has_infiniband=option.text("connectionType") == "infiniband" if "connectionType" in option else None,
    )


def _sum(option: Record, name: str) -> Any:
    """The sum over all nodes of the option."""
    return sum(node.number(name, 0) for node in option.records("nodes", [])) or None


offers = RowParser("a rental option", records, _read, _key)
