"""Akamai Cloud (Linode): the plans of its public API, no key needed.

Prices are US dollars per plan-hour before tax; the monthly price is a cap on them.  A plan costs the same everywhere
except in the regions that it lists with prices of their own.  Only the plan's label names the GPU
("RTX4000 Ada x1 Small", "Dedicated 32GB + RTX6000 GPU x1"); RTX6000 is the Quadro of 2018, as Linode documents it.
Regions with prices of their own have them for every plan; `scrapers.machine_places` knows which regions have GPUs.
"""

import re
from collections.abc import Iterator
from typing import Any

from scrapers.machine_places import machine_places
from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser, split_each
from scrapers.sources import Json, Paged

PROVIDER = Provider(
    "akamai-linode",
    "Akamai Cloud (Linode)",
    pricing_url="https://www.linode.com/pricing/",
    minimum_offers=2,
    must_have=("rtx-4000-ada",),
)
_URL = "https://api.linode.com/v4/linode/types?page_size=500"


def _following(page: Any) -> Json | None:
    return Json(f"{_URL}&page={page['page'] + 1}") if page["page"] < page["pages"] else None


SOURCE = Paged(Json(_URL), _following)

_GPU = re.compile(r"(?P<gpu>RTX ?(?:PRO ?)?\d{4}(?: (?:Ada|Blackwell))?)(?: GPU)? x\d+\b", re.IGNORECASE)


_Row = tuple[Record, Record]


def _rows(pages: Any) -> Iterator[Any]:
    plans = (plan for page in records(pages) for plan in page.records("data"))
    return split_each(plans, _prices)


def _prices(plan: Record) -> list[_Row]:
    return [(plan, price) for price in (plan.record("price"), *plan.records("region_prices", []))]


def _key(row: _Row) -> tuple[str, str]:
    plan, price = row
    return plan.text("id"), price.text("id", "")


def _read(row: _Row) -> Draft | LeftOut:
    plan, price = row
    label, region = plan.text("label"), price.text("id", "")
    if not plan.count("gpus"):
        return LeftOut("no_gpu", label)
    if machine_places().exists_in(PROVIDER.slug, plan.text("id"), region) != "yes":
        return LeftOut("no_such_machine", f"{label} in {region}")
    named = _GPU.search(label)
    return Draft(
        instance_type=plan.text("id"),
        instance_name=label,
        gpu_name=named["gpu"] if named else label,
        gpu_count=plan.count("gpus"),
        region=region,
        price=price.price("hourly"),
        price_month=price.price("monthly", None),
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=plan.count("vcpus", None),
        ram_gb=plan.number("memory", 0) / 1024 or None,
        storage_gb=plan.count("disk", 0) // 1024 or None,
    )


offers = RowParser("a plan, or a region in which it has a price of its own", _rows, _read, _key)
