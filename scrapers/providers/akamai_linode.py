"""Akamai Cloud (Linode): the plans of its public API, no key needed.

Prices are US dollars per plan-hour before tax; the month's price is a cap on the hours of one.  A plan costs the
same everywhere but in the regions that it lists with prices of their own.  Only the plan's label names the GPU
("RTX4000 Ada x1 Small", "Dedicated 32GB + RTX6000 GPU x1"); RTX6000 is the Quadro of 2018, as Linode documents it.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
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


def offers(pages: Any) -> Iterator[Offer]:
    """Each GPU plan, and once more for each region with a price of its own."""
    for plan in (plan for page in pages for plan in page["data"]):
        if plan["gpus"]:
            yield from _plan(plan)


def _plan(plan: Mapping[str, Any]) -> Iterator[Offer]:
    named = _GPU.search(plan["label"])
    for price in (plan["price"], *(plan.get("region_prices") or ())):
        yield Offer(
            instance_type=plan["id"],
            instance_name=plan["label"],
            gpu_name=named["gpu"] if named else plan["label"],
            gpu_count=plan["gpus"],
            region=price.get("id", ""),
            price=money(price["hourly"]),
            price_month=money(price.get("monthly")),
            currency="USD",
            price_unit="instance_hour",
            vcpu_count=plan.get("vcpus"),
            ram_gb=_gb(plan.get("memory")),
            storage_gb=plan["disk"] // 1024 if plan.get("disk") else None,
        )


def _gb(megabytes: int | None) -> Decimal | None:
    return Decimal(megabytes) / 1024 if megabytes else None
