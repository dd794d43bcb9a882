"""CloudRift: the list of virtual machines of its public API, no key needed.

Prices are US cents per machine-hour before tax.  A machine's memory, and that of each of its GPUs, is in bytes.  A
variant is available in the data centres that it lists with the number of free nodes; without any it is sold out.
Older answers have only a count of nodes for each data centre.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Availability, Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, split_each
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


_Row = tuple[str, Record | None, str, Availability | None]
"""A GPU, a variant of machines with it (None for a GPU without one), a data centre and the availability there."""
_FREE = ("available_nodes_per_dc", "nodes_per_dc")


def _rows(answer: Any) -> Iterator[Any]:
    kinds = record(answer).record("data").records("instance_types")
    variants = split_each(kinds, lambda kind: [(kind, variant) for variant in kind.records("variants") or (None,)])
    return split_each(variants, _centres)


def _centres(kind_and_variant: Any) -> Iterator[_Row]:
    """The variant in each of its data centres; "" where the answer lists none."""
    kind, variant = kind_and_variant
    gpu = kind.text("brand_short")
    listed = next((name for name in _FREE if variant and name in variant), None)
    if variant is None or listed is None:
        yield gpu, variant, "", variant and variant.availability("available_nodes")
        return
    centres = variant.record(listed)
    for region in centres.names():
        yield gpu, variant, region, centres.availability(region)
    if not centres.names():
        yield gpu, variant, "", "sold_out"


def _key(row: _Row) -> tuple[str, str]:
    gpu, variant, region, _ = row
    return variant.text("name") if variant else gpu, region


def _read(row: _Row) -> Draft | LeftOut:
    gpu, variant, region, availability = row
    if variant is None:
        return LeftOut("not_let", gpu)
    if not variant.count("gpu_count"):
        return LeftOut("no_gpu", variant.text("name"))
    return Draft(
        instance_type=variant.text("name"),
        gpu_name=gpu,
        gpu_count=variant.count("gpu_count"),
        gpu_memory_gb=_gb(variant, "vram"),
        region=region,
        price=variant.price("cost_per_hour", per=100),
        currency="USD",
        price_unit="instance_hour",
        availability=availability,
        vcpu_count=variant.count("cpu_count", None),
        ram_gb=_gb(variant, "dram"),
        storage_gb=variant.count("disk", 0) // _GIB or None,
    )


def _gb(variant: Record, name: str) -> Any:
    """The size in GiB, to a hundredth, of one in bytes."""
    return round(variant.number(name, 0) / _GIB, 2) or None


offers = RowParser("a variant in a data centre", _rows, _read, _key)
