"""Vultr: public API, no key needed; cloud GPU plans, whole machines of them, and bare metal plans, in pages.

Prices are US dollars per hour and month for the whole plan before tax; a month is charged as 672 hours at most.  A plan
without locations is sold out.  Slices of a GPU, recognised by a count such as "1/8" or by less memory than the card
has, are shares of it.  A region can have a price of its own.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from scrapers.offer import Draft, Prices, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser, split_each
from scrapers.sources import IfThere, Json, Paged, Several

PROVIDER = Provider(
    "vultr",
    "Vultr",
    pricing_url="https://www.vultr.com/pricing/",
    minimum_offers=5,
    must_have=("l40s",),
)


def _pages(url: str) -> Paged:
    def following(page: Any) -> Json | None:
        cursor = ((page.get("meta") or {}).get("links") or {}).get("next")
        return Json(f"{url}&cursor={cursor}") if cursor else None

    return Paged(Json(url), following)


SOURCE = Several(
    {
        "plans": _pages("https://api.vultr.com/v2/plans?type=vcg&per_page=500"),
        "plans_dedicated": IfThere(_pages("https://api.vultr.com/v2/plans?type=vdm&per_page=500")),
        "plans_metal": _pages("https://api.vultr.com/v2/plans-metal?per_page=500"),
    }
)

# GB of a whole card, for plans that state the memory only: Vultr's plan list, as of September 2026.
CARD_GB = {"A16": 16, "A40": 48, "A100": 80, "L40S": 48, "GH200": 96, "H100": 80, "B200": 192}
CARD_GB |= {"MI300X": 192, "MI325X": 256, "MI355X": 288}

# Plans without a field for the GPU: "vcg-h100-216c-1914gb-640vram", "vbm-112c-2048gb-8-h100-gpu".
_BY_MEMORY = re.compile(r"v(?:cg|dm)-(?P<gpu>[a-z]+\d+[a-z]*)-\d+c-\d+gb?-(?P<vram>\d+)vram")
_BY_COUNT = re.compile(r"vbm-\d+c-\d+gb-(?P<count>\d+)-(?P<gpu>[a-z]+\d+[a-z]*)-gpu")


class _Row(NamedTuple):
    """A plan, and a region with a price of its own; "" stands for all other regions."""

    plan: Record
    region: str
    cost: Record
    available_regions: tuple[str, ...]


def _rows(document: Any) -> Iterator[Any]:
    for kind, pages in document.items():
        plans = (plan for page in records(pages) for plan in page.records(kind.removesuffix("_dedicated")))
        yield from split_each(plans, _places)


def _places(plan: Record) -> Iterator[_Row]:
    locations = plan.texts("locations", ())
    special = {place: cost for place, cost in plan.entries("location_cost", {}) if place in locations}
    common = tuple(place for place in locations if place not in special)
    if common or not locations:
        yield _Row(plan, "", plan, common)
    for place, cost in special.items():
        yield _Row(plan, place, cost, ())


def _key(row: _Row) -> tuple[str, str]:
    return row.plan.text("id"), row.region


def _read(row: _Row) -> Draft | LeftOut:
    plan, name = row.plan, row.plan.text("id")
    model = _model(plan)
    if not model:
        return LeftOut("no_gpu", name)
    terms = _terms(plan, row.cost)
    if not any(terms.values()) and not (plan.flag("deploy_ondemand", True) and plan.flag("deploy_preemptible", True)):
        return LeftOut("not_let", name)
    gpus, card = _gpus(plan, model), CARD_GB.get(model.split()[0])
    return Draft(
        instance_type=name,
        region=row.region,
        available_regions=row.available_regions,
        gpu_name=model if gpus else f"{model} ({name})",  # listed as unknown, not guessed
        gpu_count=max(1, int(gpus or 1)),
        gpu_share=min(Decimal(1), Decimal(gpus.numerator) / gpus.denominator) if gpus else Decimal(1),
        gpu_memory_gb=None if card is None else Decimal(card),
        **terms,
        currency="USD",
        price_unit="instance_hour",
        availability=("available" if plan.list("locations") else "sold_out") if "locations" in plan else None,
        vcpu_count=plan.count("vcpu_count", None) or plan.count("cpu_threads", None),
        ram_gb=plan.number("ram", 0) / 1024 or None,
        storage_gb=plan.count("disk", 0) * (plan.count("disk_count", None) or 1) or None,
    )


def _terms(plan: Record, cost: Record) -> Prices:
    """The prices at which the plan can be deployed: many big ones can only be rented as preemptible."""
    on_demand, preemptible = plan.flag("deploy_ondemand", True), plan.flag("deploy_preemptible", True)
    return {
        "price": cost.price("hourly_cost", None) if on_demand else None,
        "price_month": cost.price("monthly_cost", None) if on_demand else None,
        "price_spot": cost.price("hourly_cost_preemptible", None) if preemptible else None,
    }


def _model(plan: Record) -> str:
    """The GPU's name, from its field or from the plan's id; the whole id where neither states it."""
    stated = str(plan.text("gpu_type", ""))
    if stated:
        return stated.removeprefix("NVIDIA_").removeprefix("AMD_").replace("_", " ")
    name = plan.text("id")
    found = _BY_MEMORY.fullmatch(name) or _BY_COUNT.fullmatch(name)
    if found:
        return found["gpu"].upper()
    return name if name.startswith(("vcg-", "vdm-")) or name.endswith("-gpu") else ""


def _gpus(plan: Record, model: str) -> Fraction | None:
    """The number of GPUs, below 1 for a slice; None where the plan doesn't say."""
    stated = str(plan.text("gpu_count", "")).removesuffix(".0")
    by_count, by_memory = _BY_COUNT.fullmatch(plan.text("id")), _BY_MEMORY.fullmatch(plan.text("id"))
    if stated and stated != "0":
        return Fraction(stated)
    if by_count:
        return Fraction(by_count["count"])
    memory = plan.number("gpu_vram_gb", None) or (by_memory and Decimal(by_memory["vram"]))
    card = CARD_GB.get(model.split(maxsplit=1)[0])
    return Fraction(memory) / card if card and memory else None


offers = RowParser("a plan, or a region in which it has a price of its own", _rows, _read, _key)
