"""Shadeform: the instance types of many clouds, as its home page carries them for its script; no key needed.

Prices are US cents per instance-hour before tax, the same in all regions of a type; a spot row of a region has a
price of its own, in dollars, as text.  The upstream cloud is part of the instance type
("lambdalabs:A100_sxm4_80Gx8").  The API answers the same, with a key.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.flight import Rows, values_of
from scrapers.offer import Offer, Provider
from scrapers.parse import cents, money
from scrapers.sources import Flight

PROVIDER = Provider(
    "shadeform",
    "Shadeform",
    pricing_url="https://www.shadeform.ai/instances",
    source_class="price_page",
    minimum_offers=10,
    must_have=("h100-sxm",),
)
SOURCE = Flight("https://shadeform.com/")

# Of these an "interconnect" tells the form factor; of others it has no meaning (an RTX 6000 Ada as "sxm5").
_IN_SEVERAL_FORMS = ("A100", "B200", "B300", "H100", "H200", "V100")


def offers(page: Rows) -> Iterator[Offer]:
    """Each type with GPUs once, and once more for each region that lets it as spot."""
    for kinds in values_of(list(page.values()), "instance_types"):
        for kind in kinds:
            if kind["configuration"]["num_gpus"]:
                yield from _kind(kind)


def _kind(kind: Mapping[str, Any]) -> Iterator[Offer]:
    regions = kind.get("availability") or ()
    spot = [region for region in regions if region.get("rental_type") == "spot"]
    free = [region["region"] for region in regions if region["available"] and region not in spot]
    yield _offer(
        kind,
        price=cents(kind["hourly_price"]),
        available_regions=tuple(dict.fromkeys(free)),
        availability="available" if free else "sold_out",
    )
    for region in spot:
        if price := _dollars(region):
            availability = "available" if region["available"] else "sold_out"
            yield _offer(kind, price_spot=price, region=region["region"], availability=availability)


def _dollars(region: Mapping[str, Any]) -> Decimal | None:
    """A spot row's price: text is in dollars, a number in cents."""
    stated = region.get("price") or region.get("hourly_price")
    return money(stated) if isinstance(stated, str) else cents(stated)


def _offer(kind: Mapping[str, Any], **fields: Any) -> Offer:
    size = kind["configuration"]
    return Offer(
        instance_type=f"{kind['cloud']}:{kind['shade_instance_type']}",
        instance_name=kind.get("cloud_instance_type"),
        gpu_name=_gpu(kind),
        gpu_count=size["num_gpus"],
        gpu_memory_gb=size.get("vram_per_gpu_in_gb") or None,
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=size.get("vcpus") or None,
        ram_gb=size.get("memory_in_gb") or None,
        storage_gb=size.get("storage_in_gb"),
        has_nvlink=size.get("nvlink"),
        **fields,
    )


def _gpu(kind: Mapping[str, Any]) -> str:
    """The model with its form factor, where that has a meaning: what the cloud's own name says goes before."""
    size = kind["configuration"]
    model: str = size["gpu_type"]
    names = f"{kind['shade_instance_type']} {kind.get('cloud_instance_type')}".lower()
    if not model.startswith(_IN_SEVERAL_FORMS) or "nvl" in model.lower():
        return model
    return f"{model} {'sxm' if 'sxm' in names else size.get('interconnect') or ''}".strip()
