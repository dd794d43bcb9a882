"""Amazon EC2: the public files that AWS's own price pages read, no key needed.

Prices are US dollars per hour for the whole Linux machine before tax.  Each region has files with its prices on demand
and reserved (for one or three years, nothing paid upfront); AWS's list of places names the regions, and one without
such a file has no such prices.  One file has the spot prices of all regions; AWS updates it without saying when.  No
file names the GPUs: `TYPES` does.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from scrapers.errors import PARSE_ERRORS, SourceUnavailable
from scrapers.offer import Draft, Key, PriceField, Provider, StatedPrice, Unreadable, only
from scrapers.records import Record, record
from scrapers.regions import regions as region_facts
from scrapers.row_parser import LeftOut, RowParser, in_words, split_each
from scrapers.sources import Fetch, Json

PROVIDER = Provider(
    "aws",
    "Amazon Web Services",
    pricing_url="https://aws.amazon.com/ec2/pricing/on-demand/",
    minimum_offers=5,
    must_have=("l4",),
    patience_seconds=300,  # three files a region, a hundred in all, at two a second
)
_HOST = "https://b0.p.awsstatic.com"
PLACES = f"{_HOST}/locations/1.0/aws/current/locations.json"
SPOT = "https://website.spot.ec2.aws.a2z.com/spot.json"
_FILES: Mapping[PriceField, str] = {  # field of Draft -> the file with its prices
    "price": "ec2-ondemand-without-sec-sel/{place}/Linux/index.json",
    "price_1y": "ec2-reservedinstance/1%20year/No%20Upfront/{place}/Linux/Shared/index.json",
    "price_3y": "ec2-reservedinstance/3%20year/No%20Upfront/{place}/Linux/Shared/index.json",
}
# The error codes where there is no such file, in the file store or among captures.
_ABSENT = ("denied", "not_found", "not_recorded")


def price_file(field: PriceField, place: str) -> str:
    """The address of a region's file with the prices that are this field of `Draft`."""
    path = _FILES[field].format(place=quote(place, safe="()"))
    return f"{_HOST}/pricing/2.0/meteredUnitMaps/ec2/USD/current/{path}"


@dataclass(frozen=True, slots=True)
class Region:
    """A region's code, if its place states one, and its files' machines by field of `Draft`, or what went wrong."""

    code: str | None
    files: Mapping[PriceField, Sequence[Record]] | Exception


@dataclass(frozen=True, slots=True)
class ByRegion:
    """The price files of every region, and the file with all spot prices."""

    async def document(self, fetch: Fetch) -> dict[str, Any]:
        """Under "regions" a list of `Region`, under "spot" the spot file.

        All regions are fetched concurrently, at the rate that `fetch` keeps to: a slow file delays only its own region,
        and one that can't be fetched affects only that region.  Raises where no region has on-demand prices.
        """
        places = record({"places": await Json(PLACES).document(fetch)}).entries("places")
        spot = await Json(SPOT).document(fetch)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_region(fetch, *place)) for place in places if _is_region(place[1])]
        return {"regions": _some_priced([task.result() for task in tasks]), "spot": spot}


def _is_region(place: Record) -> bool:
    """Whether the place may be a region; one that can't be read counts, so that it is not lost."""
    try:
        return bool(place.text("type", "AWS Region") == "AWS Region")
    except PARSE_ERRORS:
        return True


async def _region(fetch: Fetch, name: str, place: Record) -> Region:
    code: str | None = None
    try:
        code = place.text("code", None)
        return Region(code, {field: await _machines(fetch, field, place.text("name", name)) for field in _FILES})
    except (SourceUnavailable, *PARSE_ERRORS) as error:
        return Region(code, error)


async def _machines(fetch: Fetch, field: PriceField, place: str) -> list[Record]:
    """The machines that the file lists; none where the region has no such file."""
    try:
        answer = await Json(price_file(field, place)).document(fetch)
    except SourceUnavailable as error:
        if error.error_code in _ABSENT:
            return []
        raise
    return [machine for _, machine in record(answer).record("regions").entries(place)]


def _some_priced(regions: list[Region]) -> list[Region]:
    """The regions, if one of them has on-demand prices.  Raises the error of a file, where that is why."""
    if any(not isinstance(region.files, Exception) and region.files["price"] for region in regions):
        return regions
    absent = ValueError(f"no file {_FILES['price']!r} of any of {len(regions)} regions")
    raise next((region.files for region in regions if isinstance(region.files, Exception)), absent)


SOURCE = ByRegion()

# GPU, GB of each, and how many of them a size has ("1/8": a share of one):
# https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html, as of August 2026.
_ONE_TO_EIGHT = "xlarge 1, 2xlarge 1, 4xlarge 1, 8xlarge 1, 16xlarge 1, 12xlarge 4, 24xlarge 4, 48xlarge 8"
_FAMILIES: Mapping[str, tuple[str, int, str]] = {
    "g4ad": ("Radeon Pro V520", 8, "xlarge 1, 2xlarge 1, 4xlarge 1, 8xlarge 2, 16xlarge 4"),
    "g4dn": ("T4", 16, "xlarge 1, 2xlarge 1, 4xlarge 1, 8xlarge 1, 16xlarge 1, 12xlarge 4, metal 8"),
    "g5": ("A10G", 24, _ONE_TO_EIGHT),
    "g5g": ("T4G", 16, "xlarge 1, 2xlarge 1, 4xlarge 1, 8xlarge 1, 16xlarge 2, metal 2"),
    "g6": ("L4", 24, _ONE_TO_EIGHT),
    "g6e": ("L40S", 48, _ONE_TO_EIGHT),
    "g6f": ("L4", 24, "large 1/8, xlarge 1/8, 2xlarge 1/4, 4xlarge 1/2"),
    "g7e": (
        "NVIDIA RTX PRO 6000 Blackwell Server Edition",
        96,
        "2xlarge 1, 4xlarge 1, 8xlarge 1, 12xlarge 2, 24xlarge 4, 48xlarge 8",
    ),
    "gr6": ("L4", 24, "4xlarge 1, 8xlarge 1"),
    "gr6f": ("L4", 24, "4xlarge 1/2"),
    "p3": ("Tesla V100-SXM2-16GB", 16, "2xlarge 1, 8xlarge 4, 16xlarge 8"),
    "p3dn": ("Tesla V100-SXM2-32GB", 32, "24xlarge 8"),
    "p4d": ("A100 40GB SXM", 40, "24xlarge 8"),
    "p4de": ("A100 80GB SXM", 80, "24xlarge 8"),
    "p5": ("H100 80GB SXM", 80, "4xlarge 1, 48xlarge 8"),
    "p5e": ("H200 SXM", 141, "48xlarge 8"),
    "p5en": ("H200 SXM", 141, "48xlarge 8"),
    "p6-b200": ("B200", 180, "48xlarge 8"),
    "p6-b300": ("B300", 288, "48xlarge 8"),
    "p6e-gb200": ("GB200", 186, "36xlarge 4"),
}
TYPES = {
    f"{family}.{size}": (gpu, memory, number)
    for family, (gpu, memory, sizes) in _FAMILIES.items()
    for size, number in (entry.split() for entry in sizes.split(", "))
}
_WITH_GPU = re.compile(r"(p[4-9]|g[4-9]|gr\d).*\..+")


class _Row(NamedTuple):
    """A machine of a price file, or a size of the spot file; `problem`: why its region can't be read."""

    machine: Record
    field: PriceField
    region: str | None
    problem: str = ""

    @property
    def name(self) -> str:
        return str(self.machine.text("size" if self.field == "price_spot" else "Instance Type"))


def _rows(document: Any) -> Iterator[Any]:
    regions: list[Region] = document["regions"]
    problems = {region.code: _problem(region) for region in regions if region.code}
    yield from split_each(regions, _listed)
    places = record(document["spot"]).record("config").records("regions")
    yield from split_each(places, lambda place: _sizes(place, problems))


def _listed(region: Region) -> Iterator[_Row]:
    if isinstance(region.files, Exception):
        raise Unreadable(_problem(region))
    problem = "" if region.code else 'no "code" of its place'
    for field, machines in region.files.items():
        yield from (_Row(machine, field, region.code, problem) for machine in machines)


def _problem(region: Region) -> str:
    """What went wrong with the region's files; "" for nothing."""
    if not isinstance(region.files, Exception):
        return ""
    what = region.files.message if isinstance(region.files, SourceUnavailable) else in_words(region.files)
    return f"price files of {region.code or 'a region'}: {what}"


def _sizes(place: Record, problems: Mapping[str, str]) -> Iterator[_Row]:
    """The sizes of a region of the spot file; while its price files can't be fetched, its stored offers are kept.

    The spot file still uses the old names of some regions.
    """
    code = region_facts().code(PROVIDER.slug, place.text("region"))
    for family in place.records("instanceTypes"):
        for size in family.records("sizes"):
            yield _Row(size, "price_spot", code, problems.get(code, ""))


def _key(row: _Row) -> Key:
    if row.region is None:
        raise Unreadable(row.problem)
    return row.name, row.region


def _read(row: _Row) -> Draft | LeftOut:
    if not _has_gpu(row.name):
        return LeftOut("no_gpu", row.name)
    if row.problem:
        raise Unreadable(row.problem)
    if row.machine.text("Pre Installed S/W", "NA") != "NA":
        return LeftOut("other_product", row.name)
    price = _linux_price(row.machine) if row.field == "price_spot" else row.machine.price("price")
    return LeftOut("no_price", row.name) if price is None else _draft(row, price)


def _linux_price(size: Record) -> StatedPrice:
    """The spot price for Linux; None where AWS writes "N/A*", for a type that the region does not offer as spot."""
    linux = [column for column in size.records("valueColumns") if column.text("name") == "linux"]
    return linux[0].record("prices").price("USD") if linux else None


def _has_gpu(instance_type: str) -> bool:
    return instance_type in TYPES or bool(_WITH_GPU.fullmatch(instance_type))


def _draft(row: _Row, price: StatedPrice) -> Draft:
    """A type that is not in `TYPES` keeps its own name as the GPU's."""
    gpu, memory, number = TYPES.get(row.name, (row.name, None, "1"))
    whole, _, parts = number.partition("/")
    return Draft(
        instance_type=row.name,
        region=row.region or "",
        gpu_name=gpu,
        gpu_count=int(whole),
        gpu_share=Decimal(1) / int(parts or 1),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        **only(row.field, price),
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=row.machine.count("vCPU", None),
        ram_gb=row.machine.memory_gb("Memory", None),
    )


offers = RowParser(
    "a machine in a region's price list, or a size in the spot prices", _rows, _read, _key, at_most=500_000
)
