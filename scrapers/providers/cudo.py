"""CUDO Compute: the machine types of its public API, no key needed.

Prices are US dollars per hour and component, before tax: for a GPU, a vCPU, a GiB of memory; disk and address are
extra.  A machine's size is the customer's choice; here it is the smallest that its type allows with one GPU, and
the price is that of its parts together.  Where the answer doesn't say what the smallest is, the price is the GPU's
alone.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json, Several

PROVIDER = Provider(
    "cudo",
    "CUDO Compute",
    pricing_url="https://www.cudocompute.com/pricing",
    source_class="marketplace_api",
    minimum_offers=3,
)
_API = "https://rest.compute.cudo.org/v1/vms"
SOURCE = Several({"machines": Json(f"{_API}/machine-types"), "gpus": Json(f"{_API}/gpu-models")})


def offers(document: Any) -> Iterator[Offer]:
    """Each machine type with a GPU in each of its data centres."""
    memory = {gpu["id"]: gpu.get("memoryGib") for gpu in document["gpus"]["gpuModels"]}
    for machine in document["machines"]["machineTypes"]:
        if machine.get("gpuModel") and _rate(machine, "gpuPriceHr"):
            yield _offer(machine, memory.get(machine.get("gpuModelId")))


def _offer(machine: Mapping[str, Any], memory: int | None) -> Offer:
    vcpus, ram = _smallest(machine)
    gpu = _rate(machine, "gpuPriceHr")
    parts = (gpu, _cost(machine, "vcpuPriceHr", vcpus), _cost(machine, "memoryGibPriceHr", ram))
    is_complete = None not in parts
    return Offer(
        instance_type=machine["machineType"],
        gpu_name=machine["gpuModel"],
        gpu_memory_gb=memory or None,
        region=machine["dataCenterId"],
        price=sum(filter(None, parts)) if is_complete else gpu,
        price_basis="complete" if is_complete else "gpu_only",
        currency="USD",
        price_unit="instance_hour",
        availability=_availability(machine.get("totalGpuFree")),
        vcpu_count=vcpus if is_complete else None,
        ram_gb=ram if is_complete else None,
    )


def _smallest(machine: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Number of vCPUs and GiB of the smallest machine with one GPU."""
    vcpus = max(machine.get("minVcpu") or 0, machine.get("minVcpuPerGpu") or 0)
    return vcpus or None, machine.get("minMemoryGib") or None


def _rate(machine: Mapping[str, Any], component: str) -> Decimal | None:
    return money((machine.get(component) or {}).get("value"))


def _cost(machine: Mapping[str, Any], component: str, number: int | None) -> Decimal | None:
    rate = _rate(machine, component)
    return rate * number if rate and number else None


def _availability(free: int | None) -> Availability | None:
    if free is None:
        return None
    return "available" if free else "sold_out"
