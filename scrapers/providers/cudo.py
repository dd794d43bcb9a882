"""CUDO Compute: the machine types of its public API, no key needed.

Prices are US dollars per hour and component, before tax: for a GPU, a vCPU, a GiB of memory; disk and address are
extra.  Customers choose a machine's size; here it is the smallest that its type allows with one GPU, and the price is
the sum of its parts.  Where the answer doesn't state the smallest size, the price is for the GPU alone.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, lookup, unnamed_gpu
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


_Row = tuple[Record, Mapping[str, Decimal | None]]


def _rows(document: Any) -> Iterator[_Row]:
    gpus = record(document).record("gpus").records("gpuModels")
    memory = lookup(gpus, lambda gpu: (gpu.text("id"), gpu.number("memoryGib", None)))
    return ((machine, memory) for machine in record(document).record("machines").records("machineTypes"))


def _key(row: _Row) -> tuple[str, str]:
    return row[0].text("machineType"), row[0].text("dataCenterId")


def _read(row: _Row) -> Draft | LeftOut:
    machine, memory = row
    name, region = _key(row)
    gpu_name = machine.text("gpuModel", "") if machine.is_null("gpuModel") else machine.raw("gpuModel")
    if not gpu_name and not names_gpu(name):
        return LeftOut("no_gpu", name)
    gpu = machine.record("gpuPriceHr").money("value")
    if gpu is None:
        return LeftOut("no_price", name)
    vcpus, ram = _smallest(machine)
    parts = (gpu, _cost(machine, "vcpuPriceHr", vcpus), _cost(machine, "memoryGibPriceHr", ram))
    is_complete = None not in parts
    return Draft(
        instance_type=name,
        gpu_name=gpu_name or unnamed_gpu(name),
        gpu_count=1,
        gpu_memory_gb=memory.get(machine.text("gpuModelId", "")) or None,
        region=region,
        price=sum(filter(None, parts), Decimal(0)) if is_complete else gpu,
        price_basis="complete" if is_complete else "gpu_only",
        currency="USD",
        price_unit="instance_hour",
        availability=machine.availability("totalGpuFree"),
        vcpu_count=vcpus if is_complete else None,
        ram_gb=Decimal(ram) if ram and is_complete else None,
    )


def _smallest(machine: Record) -> tuple[int | None, int | None]:
    """The number of vCPUs and the GiB of memory of the smallest machine with one GPU."""
    vcpus = max(machine.count("minVcpu", 0), machine.count("minVcpuPerGpu", 0))
    return vcpus or None, machine.count("minMemoryGib", 0) or None


def _cost(machine: Record, component: str, number: int | None) -> Decimal | None:
    rate = machine.record(component, {}).money("value", None)
    return rate * number if rate and number else None


offers = RowParser("a machine type in a data centre", _rows, _read, _key)
