"""IBM Cloud: the rates of its V100 profiles, as a public list states them; its API has profiles but no prices.

Prices are US dollars per hour for the whole virtual server, before tax, by region.  A profile's name describes it
("gx2-8x64x1v100": 8 vCPUs, 64 GiB, one V100); by the list's source, the series gx2 has the V100 with 16 GB.
"""

import re
from decimal import Decimal

from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import RowParser
from scrapers.sources import Json

PROVIDER = Provider(
    "ibm", "IBM Cloud", pricing_url="https://www.ibm.com/cloud/vpc/pricing", source_class="stated", minimum_offers=1
)
SOURCE = Json("https://www.ibm.com/cloud/vpc/pricing")

_PROFILE = re.compile(r"(?P<series>gx\d\w*)-(?P<cpus>\d+)x(?P<ram>\d+)x(?P<count>\d+)(?P<gpu>[a-z]+\d+[a-z]*)")
_MEMORY_GB = {("gx2", "v100"): Decimal(16)}


def _key(rate: Record) -> tuple[str, str]:
    return rate.text("profile"), rate.text("region")


def _read(rate: Record) -> Draft:
    name, region = _key(rate)
    profile = _PROFILE.fullmatch(name)
    if not profile:
        raise ValueError(f"{name!r:.80} is not a GPU profile, such as 'gx2-8x64x1v100'")
    return Draft(
        instance_type=name,
        gpu_name=profile["gpu"],
        gpu_count=int(profile["count"]),
        gpu_memory_gb=_MEMORY_GB.get((profile["series"], profile["gpu"])),
        region=region,
        price=rate.price("price"),
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=int(profile["cpus"]),
        ram_gb=Decimal(profile["ram"]),
    )


offers = RowParser("a profile in a region", records, _read, _key)
