"""IBM Cloud: the rates of its V100 profiles, as a list states them; its API names profiles and no prices.

Prices are US dollars per hour for the whole virtual server, before tax, by region.  A profile's name tells all
("gx2-8x64x1v100": 8 vCPUs, 64 GiB, one V100); that the series gx2 has the V100 of 16 GB, the list's source says.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider(
    "ibm", "IBM Cloud", pricing_url="https://www.ibm.com/cloud/vpc/pricing", source_class="stated", minimum_offers=1
)
SOURCE = Json("https://www.ibm.com/cloud/vpc/pricing")

_PROFILE = re.compile(r"(?P<series>gx\d\w*)-(?P<cpus>\d+)x(?P<ram>\d+)x(?P<count>\d+)(?P<gpu>[a-z]+\d+[a-z]*)")
_MEMORY_GB = {("gx2", "v100"): 16}


def offers(rates: list[Mapping[str, Any]]) -> Iterator[Offer]:
    """Each profile in each region.  Raises ValueError for a name that is no GPU profile's."""
    for rate in rates:
        profile = _PROFILE.fullmatch(rate["profile"])
        if not profile:
            raise ValueError(f"{rate['profile']!r:.80} is not a GPU profile, such as 'gx2-8x64x1v100'")
        yield Offer(
            instance_type=rate["profile"],
            gpu_name=profile["gpu"],
            gpu_count=int(profile["count"]),
            gpu_memory_gb=_MEMORY_GB.get((profile["series"], profile["gpu"])),
            region=rate["region"],
            price=money(rate["price"]),
            currency="USD",
            price_unit="instance_hour",
            vcpu_count=int(profile["cpus"]),
            ram_gb=int(profile["ram"]),
        )
