"""Vultr: public API, no key needed; cloud GPU plans and bare metal plans, in pages.

Prices are US dollars per hour and month for the whole plan before tax; the month is a cap of 672 hours.  A plan
without locations is sold out.  Slices of a GPU, told by a count such as "1/8" or by less memory than the card has,
are shares of it.  A region can have a price of its own.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json, Paged, Several

PROVIDER = Provider(
    "vultr",
    "Vultr",
    pricing_url="https://www.vultr.com/pricing/",
    minimum_offers=5,
    must_have=("l40s",),
)


def _pages(url: str) -> Paged:
    def following(page: Any) -> Json | None:
        cursor = page.get("meta", {}).get("links", {}).get("next")
        return Json(f"{url}&cursor={cursor}") if cursor else None

    return Paged(Json(url), following)


SOURCE = Several(
    {
        "plans": _pages("https://api.vultr.com/v2/plans?type=vcg&per_page=500"),
        "plans_metal": _pages("https://api.vultr.com/v2/plans-metal?per_page=500"),
    }
)

# GB of a whole card, for plans that state the memory only: Vultr's plan list, as of September 2026.
CARD_GB = {"A16": 16, "A40": 48, "A100": 80, "L40S": 48, "GH200": 96, "H100": 80, "B200": 192}
CARD_GB |= {"MI300X": 192, "MI325X": 256, "MI355X": 288}


def offers(document: Any) -> Iterator[Offer]:
    """One offer of each plan with GPUs, and one for each region that has its own price."""
    for kind, pages in document.items():
        for plan in (plan for page in pages for plan in page[kind]):
            if plan.get("gpu_type"):
                yield from _offers_of(plan)


def _offers_of(plan: Any) -> Iterator[Offer]:
    locations = plan.get("locations") or ()
    special = {region: cost for region, cost in (plan.get("location_cost") or {}).items() if region in locations}
    common = tuple(region for region in locations if region not in special)
    if common or not locations:
        yield from _offer(plan, plan, available_regions=common)
    for region, cost in special.items():
        yield from _offer(plan, cost, region=region)


def _offer(plan: Any, cost: Any, **place: Any) -> Iterator[Offer]:
    terms, gpus = _terms(plan, cost), _gpus(plan)
    if any(terms.values()):
        yield Offer(
            instance_type=plan["id"],
            **place,
            gpu_name=_name(plan, gpus),
            gpu_count=max(1, int(gpus or 1)),
            gpu_share=_share(gpus),
            gpu_memory_gb=_card_gb(plan),
            **terms,
            currency="USD",
            price_unit="instance_hour",
            availability=None if "locations" not in plan else "available" if plan["locations"] else "sold_out",
            vcpu_count=plan.get("vcpu_count") or plan.get("cpu_threads"),
            ram_gb=Decimal(plan["ram"]) / 1024 if plan.get("ram") else None,
            storage_gb=plan.get("disk", 0) * (plan.get("disk_count") or 1) or None,
        )


def _terms(plan: Any, cost: Any) -> dict[str, Decimal | None]:
    """The prices at which the plan can be deployed: many big ones are let preemptible only."""
    on_demand, preemptible = plan.get("deploy_ondemand", True), plan.get("deploy_preemptible", True)
    return {
        "price": money(cost.get("hourly_cost")) if on_demand else None,
        "price_month": money(cost.get("monthly_cost")) if on_demand else None,
        "price_spot": money(cost.get("hourly_cost_preemptible")) if preemptible else None,
    }


def _gpus(plan: Any) -> Fraction | None:
    """How many GPUs, below 1 for a slice; None where the plan gives no way to tell."""
    if plan.get("gpu_count"):
        return Fraction(str(plan["gpu_count"]))
    card = _card_gb(plan)
    return Fraction(plan["gpu_vram_gb"], card) if card and plan.get("gpu_vram_gb") else None


def _name(plan: Any, gpus: Fraction | None) -> str:
    """The GPU's name; with the plan's where the number is unknown, so that it is listed and not guessed."""
    name = _model(plan["gpu_type"])
    return name if gpus else f"{name} ({plan['id']})"


def _card_gb(plan: Any) -> int | None:
    return CARD_GB.get(_model(plan["gpu_type"]).split()[0])


def _model(gpu_type: str) -> str:
    return gpu_type.removeprefix("NVIDIA_").removeprefix("AMD_").replace("_", " ")


def _share(gpus: Fraction | None) -> Decimal:
    return min(Decimal(1), Decimal(gpus.numerator) / gpus.denominator) if gpus else Decimal(1)
