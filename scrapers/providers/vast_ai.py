"""Vast.ai: public search of a marketplace of hosts, no key needed.

Prices are US dollars per hour before tax for the whole listing with all its GPUs and a small disk.  Listings come
and go by the hour and one machine is listed in several overlapping sizes, so an offer here is a GPU, a count, a
country and a tier (data centre, verified, unverified): of equal listings the lowest price counts, and the lowest bid
at which an interruptible one starts, with the disk added.  A search without a key returns the cheapest 64 or so, hence
one search for each group of GPUs.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from scrapers.offer import Draft, Provider, StatedPrice
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
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


def _rows(answers: Any) -> Iterator[Record]:
    return (listing for answer in answers.values() for listing in record(answer).records("offers"))


def _key(listing: Record) -> tuple[str, str]:
    tier, memory = _tier(listing), _memory(listing)
    size = f" {memory}gb" if memory else ""
    name = f"{listing.count('num_gpus')}x {listing.text('gpu_name').lower()}{size}"
    return f"{tier}{'/' if tier else ''}{name}", _country(listing.text("geolocation", ""))


def _read(listing: Record) -> Draft | LeftOut:
    name, country = _key(listing)
    if not listing.flag("rentable", True) or listing.flag("rented", False):
        return LeftOut("let_already", name)
    memory = _memory(listing)
    return Draft(
        instance_type=name,
        region=country,
        gpu_name=listing.text("gpu_name"),
        gpu_count=listing.count("num_gpus"),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        price=listing.price("dph_total"),
        price_spot=_bid(listing),
        currency="USD",
        price_unit="instance_hour",
        availability="available" if "rentable" in listing else None,
        vcpu_count=round(listing.number("cpu_cores_effective", 0)) or None,
        price_includes={"tier": _tier(listing) or "unknown"},
    )


def _bid(listing: Record) -> StatedPrice:
    """The lowest bid, plus the disk, which the price on demand includes too."""
    bid, disk = listing.price("min_bid", None), listing.price("storage_total_cost", None)
    return bid + disk if isinstance(bid, Decimal) and isinstance(disk, Decimal) else bid


def _memory(listing: Record) -> int | None:
    megabytes = listing.number("gpu_ram", None)
    return round(megabytes / 1024) if megabytes else None


def _tier(listing: Record) -> str:
    """The listing's tier; "" where it states none."""
    if "verification" not in listing:
        return ""
    if listing.text("verification") != "verified":
        return "unverified"
    return "datacenter" if listing.text("hosting_type", "") == "1" else "verified"


def _country(geolocation: str) -> str:
    """The country's code at the end of "Montana, US"; "" where there is none."""
    code = geolocation.rpartition(",")[2].strip()
    return code if len(code) == 2 else ""


offers = RowParser("a listing", _rows, _read, _key)
