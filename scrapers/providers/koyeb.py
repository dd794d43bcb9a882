"""Koyeb: its open catalogue of instance types, no key needed.

Prices are USD per instance-hour before tax, as strings, billed by the second; serverless.
"""

from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, unnamed_gpu
from scrapers.sources import Json

PROVIDER = Provider(
    "koyeb",
    "Koyeb",
    pricing_url="https://www.koyeb.com/pricing",
    minimum_offers=5,
    sxm_named=True,  # its catalogue of 2026-08-22 has "A100 SXM" beside "A100"
)
SOURCE = Json("https://app.koyeb.com/v1/catalog/instances?limit=100")


def _rows(answer: Any) -> list[Record]:
    """The instance types.  Raises ValueError where the answer is not the whole catalogue."""
    instances = record(answer).records("instances")
    if record(answer).count("count", 0) > len(instances):
        raise ValueError(f"{len(instances)} instance types of {answer['count']}: the catalogue has a second page")
    return instances


def _key(instance: Record) -> tuple[str, str]:
    if "id" in instance:
        return instance.text("id"), ""
    gpu = instance.record("gpu")
    return f"{gpu.count('count')}x {_gpu(gpu)}", ""


def _gpu(gpu: Record) -> str:
    return f"{gpu.text('brand', '')} {gpu.text('name')}".strip()


def _is_of_gpus(instance: Record) -> bool:
    kind, name = instance.text("type", ""), instance.text("id", "")
    return bool(instance.record("gpu", {}).names()) or kind == "gpu" or (kind != "cpu" and names_gpu(name))


def _read(instance: Record) -> Draft | LeftOut:
    if not _is_of_gpus(instance):
        return LeftOut("no_gpu", instance.text("id", ""))
    gpu, regions = instance.record("gpu", {}), instance.texts("regions", ())
    gpus = gpu.count("count") if gpu.names() else 1
    return Draft(
        instance_type=_key(instance)[0],
        instance_name=instance.text("display_name", None),
        gpu_name=_gpu(gpu) if gpu.names() else unnamed_gpu(instance.text("id")),
        gpu_count=gpus,
        gpu_memory_gb=gpu.memory_gb("memory", None)
        if gpus == 1
        else None,  # with several GPUs, it may be each one's or all of them
        available_regions=regions,
        price=instance.price("price_hourly"),
        availability=instance.availability("status") if regions or "regions" not in instance else "sold_out",
        vcpu_count=instance.count("vcpu", None),
        ram_gb=instance.memory_gb("memory", None),
        currency="USD",
        price_unit="instance_hour",
        billing_increment_seconds=1,
    )


offers = RowParser("an instance type", _rows, _read, _key)
