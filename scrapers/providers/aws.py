"""Amazon EC2: the two public files that AWS's own price pages read, no key needed.

On demand: US dollars per hour for the whole Linux machine before tax, in North Virginia (one file per region; the
other regions' are not read).  Spot: the same in all regions; AWS updates it without saying when.  Neither file
names the GPUs: `TYPES` does.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import memory_gb, money
from scrapers.sources import Json, Several

PROVIDER = Provider(
    "aws",
    "Amazon Web Services",
    pricing_url="https://aws.amazon.com/ec2/pricing/on-demand/",
    minimum_offers=5,
    must_have=("l4",),
)
LOCATION, REGION = "US East (N. Virginia)", "us-east-1"
SOURCE = Several(
    {
        "on_demand": Json(
            "https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/ec2/USD/current/ec2-ondemand-without-sec-sel/"
            "US%20East%20(N.%20Virginia)/Linux/index.json"
        ),
        "spot": Json("https://website.spot.ec2.aws.a2z.com/spot.json"),
    }
)

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
    machines = _on_demand(document["on_demand"])
    spot = _spot(document["spot"])
    for key in sorted({*machines, *spot}):
        machine = machines.get(key, {})
        price = money(machine.get("price"))
        if price or key in spot:
            yield _offer(*key, machine, price, spot.get(key))


def _on_demand(answer: Any) -> dict[_Key, Mapping[str, Any]]:
    listed = answer["regions"][LOCATION].values()
    return {(machine["Instance Type"], REGION): machine for machine in listed if _has_gpu(machine["Instance Type"])}


def _spot(answer: Any) -> dict[_Key, Decimal]:
    """Linux prices; "N/A*" where a type isn't let in a region."""
    return {
        (size["size"], region["region"]): price
        for region in answer["config"]["regions"]
        for family in region["instanceTypes"]
        for size in family["sizes"]
        for column in size["valueColumns"]
        if column["name"] == "linux" and _has_gpu(size["size"]) and (price := money(column["prices"]["USD"]))
    }


def _has_gpu(instance_type: str) -> bool:
    return instance_type in TYPES or bool(_WITH_GPU.fullmatch(instance_type))


def _offer(
    instance_type: str, region: str, machine: Mapping[str, Any], price: Decimal | None, spot: Decimal | None
) -> Offer:
    gpu, memory, number = TYPES.get(instance_type, (instance_type, None, "1"))
    whole, _, parts = number.partition("/")
    return Offer(
        instance_type=instance_type,
        region=region,
        gpu_name=gpu,
        gpu_count=int(whole),
        gpu_share=Decimal(1) / int(parts or 1),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        price=price,
        price_spot=spot,
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=int(machine["vCPU"]) if machine.get("vCPU") else None,
        ram_gb=memory_gb(machine.get("Memory")),
    )
