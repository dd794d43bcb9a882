"""Vast.ai: public search of a marketplace of hosts, no key needed.

Prices are US dollars per hour before tax for the whole listing with all its GPUs and a small disk.  Listings come
and go by the hour and one machine is listed in several overlapping sizes, so an offer here is a GPU, a count, a
country and a tier (data centre, verified, unverified): the cheapest listing's price, the lowest bid an
interruptible one starts at, and how many machines there were.  A search without a key brings the cheapest 64 or so,
hence one search for each group of GPUs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json, Several

PROVIDER = Provider(
    "vast-ai",
    "Vast.ai",
    pricing_url="https://vast.ai/pricing",
    source_class="marketplace_api",
    minimum_offers=15,
    must_have=("rtx-4090",),
)

GROUPS: Mapping[str, Sequence[str]] = {
    "h100": ("H100 SXM", "H100 PCIE", "H100 NVL"),
    "newer": ("H200", "H200 NVL", "B200", "B300"),
    "a100": ("A100 SXM4", "A100 PCIE"),
    "inference": ("L4", "L40", "L40S", "A10", "A40", "RTX A6000", "RTX 6000Ada"),
    "rtx_5090": ("RTX 5090",),
    "rtx_4090": ("RTX 4090",),
    "rtx_3090": ("RTX 3090", "RTX 3090 Ti"),
}


def _search(gpu_name: Mapping[str, Sequence[str]]) -> Json:
    query = {
        "gpu_name": {operator: list(names) for operator, names in gpu_name.items()},
        "rentable": {"eq": True},
        "rented": {"eq": False},
        "type": "on-demand",
        "order": [["dph_total", "asc"]],
        "limit": 1000,
    }
    return Json("https://console.vast.ai/api/v0/bundles/", post=query)


SOURCE = Several(
    {group: _search({"in": names}) for group, names in GROUPS.items()}
    | {"others": _search({"notin": [name for names in GROUPS.values() for name in names]})}
)

_Key = tuple[str, int, str, int | None, str]


def offers(answers: Any) -> Iterator[Offer]:
    """One offer of each tier, count, GPU, memory and country."""
    alike: dict[_Key, list[Any]] = defaultdict(list)
    for answer in answers.values():
        for listing in answer["offers"]:
            if money(listing.get("dph_total")) and listing.get("rentable", True) and not listing.get("rented"):
                alike[_key(listing)].append(listing)
    for key, listings in alike.items():
        yield _offer(key, listings)


def _key(listing: Mapping[str, Any]) -> _Key:
    memory = listing.get("gpu_ram")
    return (
        _tier(listing),
        listing["num_gpus"],
        listing["gpu_name"],
        round(Decimal(memory) / 1024) if memory else None,
        _country(listing.get("geolocation")),
    )


def _tier(listing: Mapping[str, Any]) -> str:
    """Empty where the listing doesn't say."""
    if "verification" not in listing:
        return ""
    if listing["verification"] != "verified":
        return "unverified"
    return "datacenter" if listing.get("hosting_type") == 1 else "verified"


def _country(geolocation: str | None) -> str:
    """The country's code at the end of "Montana, US"; "" where there is none."""
    code = (geolocation or "").rpartition(",")[2].strip()
    return code if len(code) == 2 else ""


def _offer(key: _Key, listings: list[Any]) -> Offer:
    tier, count, gpu, memory, country = key
    cheapest = min(listings, key=lambda listing: listing["dph_total"])
    bids = [bid for listing in listings if (bid := money(listing.get("min_bid")))]
    machines = {listing["machine_id"] for listing in listings if listing.get("machine_id")}
    size = f" {memory}gb" if memory else ""
    return Offer(
        instance_type=f"{tier}{'/' if tier else ''}{count}x {gpu.lower()}{size}",
        region=country,
        gpu_name=gpu,
        gpu_count=count,
        gpu_memory_gb=None if memory is None else Decimal(memory),
        price=money(cheapest["dph_total"]),
        price_spot=min(bids, default=None),
        currency="USD",
        price_unit="instance_hour",
        availability="available" if "rentable" in cheapest else None,
        vcpu_count=round(cheapest.get("cpu_cores_effective") or 0) or None,
        price_includes={"tier": tier or "unknown"} | ({"hosts": len(machines)} if machines else {}),
    )
