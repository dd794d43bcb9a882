"""Seeweb: the plans of its API, with a key (sent as X-APITOKEN).

Prices are euros per hour for the whole server, before tax.  Counts and sizes are text; RAM is in MB, the disk in
GB.  A plan's label tells the GPU ("L40s 48GB"), its name doesn't; Tenstorrent's cards are not GPUs and are left out.
"""

from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
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


def _rows(answer: Any) -> list[Record]:
    return record(answer).records("plans")


def _key(plan: Record) -> tuple[str, str]:
    return plan.text("name"), ""


def _read(plan: Record) -> Draft | LeftOut:
    name = plan.text("name")
    if plan.raw("gpu") in ("", "0", 0):
        return LeftOut("no_gpu", name)
    if "tenstorrent" in plan.text("gpu_label").lower():
        return LeftOut("other_product", name)
    regions = plan.records("available_regions", [])
    is_free = plan.flag("available", True) and bool(regions)
    return Draft(
        instance_type=name,
        gpu_name=plan.text("gpu_label"),
        gpu_count=plan.count("gpu"),
        available_regions=tuple(dict.fromkeys(region.text("location") for region in regions)),
        price=plan.price("hourly_price", currency="EUR"),
        currency="EUR",
        price_unit="instance_hour",
        availability=("available" if is_free else "sold_out") if "available_regions" in plan else None,
        vcpu_count=plan.count("cpu", None),
        ram_gb=plan.number("ram", 0) / 1024 or None,
        storage_gb=plan.count("disk", None),
    )


offers = RowParser("a plan", _rows, _read, _key)
