"""Amazon EC2: the public files that AWS's own price pages read, no key needed.

Prices are US dollars per hour for the whole Linux machine before tax.  On demand and reserved (for one or three years,
nothing paid upfront) they stand in a file of each region; AWS's list of places names the regions, and one without such
a file has no such prices.  Spot prices stand in one file for all regions, which AWS updates without saying when.  No
file names the GPUs: `TYPES` does.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from scrapers.errors import SourceUnavailable
from scrapers.offer import Offer, Provider
from scrapers.parse import memory_gb, money
from scrapers.regions import regions as region_facts
from scrapers.sources import Fetch, Json

PROVIDER = Provider(
    "aws",
    "Amazon Web Services",
    pricing_url="https://aws.amazon.com/ec2/pricing/on-demand/",
    minimum_offers=5,
    must_have=("l4",),
)
_HOST = "https://b0.p.awsstatic.com"
_PLACES = f"{_HOST}/locations/1.0/aws/current/locations.json"
_SPOT = "https://website.spot.ec2.aws.a2z.com/spot.json"
_FILES = {  # field of Offer -> the file with its prices
    "price": "ec2-ondemand-without-sec-sel/{place}/Linux/index.json",
    "price_1y": "ec2-reservedinstance/1%20year/No%20Upfront/{place}/Linux/Shared/index.json",
    "price_3y": "ec2-reservedinstance/3%20year/No%20Upfront/{place}/Linux/Shared/index.json",
}
_ABSENT = ("denied", "not_found")  # how the file store says that it has no such file


@dataclass(frozen=True, slots=True)
class ByRegion:
    """The price files of every region, and the one of all spot prices."""

    async def document(self, fetch: Fetch) -> dict[str, Any]:
        """Under "regions" the machines by region and field of `Offer`, under "spot" the spot file.

        Raises ValueError where no region has a file of on-demand prices: then they have moved.
        """
        places = await Json(_PLACES).document(fetch)
        names = {place["code"]: place["name"] for place in places.values() if place["type"] == "AWS Region"}
        regions = {code: await _files(fetch, name) for code, name in names.items()}
        if not any(files["price"] for files in regions.values()):
            raise ValueError(f"no file {_FILES['price']!r} of any of {len(regions)} regions")
        return {"regions": regions, "spot": await Json(_SPOT).document(fetch)}


async def _files(fetch: Fetch, place: str) -> dict[str, list[Any]]:
    return {field: await _machines(fetch, place, path) for field, path in _FILES.items()}


async def _machines(fetch: Fetch, place: str, path: str) -> list[Any]:
    """What the file lists; nothing where the place has no such file."""
    url = f"{_HOST}/pricing/2.0/meteredUnitMaps/ec2/USD/current/{path.format(place=quote(place, safe='()'))}"
    try:
        answer = await Json(url).document(fetch)
    except SourceUnavailable as error:
        if error.error_code in _ABSENT:
            return []
        raise
    return list(answer["regions"][place].values())


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

_Key = tuple[str, str]


def offers(document: Any) -> Iterator[Offer]:
    """One offer of each instance type and region; types not in `TYPES` keep their own name as the GPU's."""
    prices: dict[_Key, dict[str, Decimal]] = defaultdict(dict)
    machines: dict[_Key, Mapping[str, Any]] = {}
    for key, field, machine in _listed(document["regions"]):
        if price := money(machine["price"]):
            prices[key][field] = price
            machines.setdefault(key, machine)
    for key, price in _spot(document["spot"]).items():
        prices[key]["price_spot"] = price
    for key in sorted(prices):
        yield _offer(*key, machines.get(key, {}), prices[key])


def _listed(regions: Mapping[str, Mapping[str, list[Any]]]) -> Iterator[tuple[_Key, str, Mapping[str, Any]]]:
    """Each machine with GPUs by its key, with the field of `Offer` that its price is; on demand first."""
    for region, files in regions.items():
        for field, machines in files.items():
            for machine in machines:
                if _has_gpu(machine["Instance Type"]) and machine.get("Pre Installed S/W", "NA") == "NA":
                    yield (machine["Instance Type"], region), field, machine


def _spot(answer: Any) -> dict[_Key, Decimal]:
    """Linux prices; "N/A*" where a type isn't let in a region.  The file has had other names for some regions."""
    code = region_facts().code
    return {
        (size["size"], code(PROVIDER.slug, region["region"])): price
        for region in answer["config"]["regions"]
        for family in region["instanceTypes"]
        for size in family["sizes"]
        for column in size["valueColumns"]
        if column["name"] == "linux" and _has_gpu(size["size"]) and (price := money(column["prices"]["USD"]))
    }


def _has_gpu(instance_type: str) -> bool:
    return instance_type in TYPES or bool(_WITH_GPU.fullmatch(instance_type))


def _offer(instance_type: str, region: str, machine: Mapping[str, Any], prices: Mapping[str, Decimal]) -> Offer:
    gpu, memory, number = TYPES.get(instance_type, (instance_type, None, "1"))
    whole, _, parts = number.partition("/")
    return Offer(
        instance_type=instance_type,
        region=region,
        gpu_name=gpu,
        gpu_count=int(whole),
        gpu_share=Decimal(1) / int(parts or 1),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        **prices,
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=int(machine["vCPU"]) if machine.get("vCPU") else None,
        ram_gb=memory_gb(machine.get("Memory")),
    )
