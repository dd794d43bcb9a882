"""Shadeform: the instance types of many clouds, in the data that its home page has for its script; no key needed.

Prices are US cents per instance-hour before tax, the same in all regions of a type; a spot row of a region has a
price of its own, in dollars, as text.  The upstream cloud is part of the instance type
("lambdalabs:A100_sxm4_80Gx8").  The API answers the same, with a key.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.nextjs_data import Rows, values_of
from scrapers.offer import Draft, Provider, StatedPrice
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser, split_each
from scrapers.sources import NextJsData
from scrapers.upstreams import upstream

PROVIDER = Provider(
    "shadeform",
    "Shadeform",
    pricing_url="https://www.shadeform.ai/instances",
    source_class="price_page",
    minimum_offers=10,
    must_have=("h100-sxm",),
)
SOURCE = NextJsData("https://shadeform.com/")

# For these an "interconnect" states the form factor; for others it means nothing (an RTX 6000 Ada as "sxm5").
_IN_SEVERAL_FORMS = ("A100", "B200", "B300", "H100", "H200", "V100")


_Row = tuple[Record, Record | None, tuple[Record, ...]]
"""A type; a region that rents it out as spot, None for the type on demand; and the regions that have it on demand."""


def _rows(page: Rows) -> Iterator[Any]:
    kinds = (kind for listed in values_of(list(page.values()), "instance_types") for kind in records(listed))
    return split_each(kinds, _regions)


def _regions(kind: Record) -> list[_Row]:
    regions = kind.records("availability", [])
    spot = [region for region in regions if region.text("rental_type", "") == "spot"]
    on_demand = tuple(region for region in regions if region not in spot)
    return [(kind, None, on_demand), *((kind, region, ()) for region in spot)]


def _key(row: _Row) -> tuple[str, str]:
    kind, spot, _ = row
    return f"{kind.text('cloud')}:{kind.text('shade_instance_type')}", spot.text("region") if spot else ""


def _read(row: _Row) -> Draft | LeftOut:
    kind, spot, on_demand = row
    name, place = _key(row)
    size = kind.record("configuration")
    if not size.count("num_gpus"):
        return LeftOut("no_gpu", name)
    free = [region.text("region") for region in on_demand if region.flag("available")]
    is_free = spot.flag("available") if spot else bool(free)
    return Draft(
        instance_type=name,
        instance_name=kind.text("cloud_instance_type", None),
        region=place,
        available_regions=tuple(dict.fromkeys(free)),
        upstream=upstream(PROVIDER.slug, kind.text("cloud")),
        gpu_name=_gpu(kind),
        gpu_count=size.count("num_gpus"),
        gpu_memory_gb=size.number("vram_per_gpu_in_gb", None) or None,
        price=None if spot else kind.price("hourly_price", per=100),
        price_spot=_spot(spot) if spot else None,
        availability="available" if is_free else "sold_out",
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=size.count("vcpus", None) or None,
        ram_gb=size.number("memory_in_gb", None) or None,
        storage_gb=size.count("storage_in_gb", None),
        has_nvlink=size.flag("nvlink", None),
    )


def _spot(region: Record) -> StatedPrice:
    """A spot row's price: text is in dollars, a number in cents."""
    name = "price" if "price" in region else "hourly_price"
    return region.price(name, per=1 if isinstance(region.raw(name, None), str) else 100)


def _gpu(kind: Record) -> str:
    """The model with its form factor, where that means something; what the cloud's own name says takes precedence."""
    size, model = kind.record("configuration"), str(kind.record("configuration").text("gpu_type"))
    names = f"{kind.text('shade_instance_type')} {kind.text('cloud_instance_type', '')}".lower()
    if not model.startswith(_IN_SEVERAL_FORMS) or "nvl" in model.lower():
        return model
    return f"{model} {'sxm' if 'sxm' in names else size.text('interconnect', '')}".strip()


offers = RowParser("an instance type, or a region that rents it out as spot", _rows, _read, _key)
