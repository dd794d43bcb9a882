"""Thunder Compute: its open lists of prices and of configurations, no key needed.

Prices are USD per machine-hour before tax, with a base of vCPUs, RAM and disk.  A configuration is called
"a100xl_x2_production": two GPUs of their own; "prototyping" shares them over the network and is the cheaper mode.
"""

import re
from collections.abc import Iterator
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.sources import Json, Several

PROVIDER = Provider(
    "thunder-compute", "Thunder Compute", pricing_url="https://www.thundercompute.com/pricing", minimum_offers=3
)
SOURCE = Several(
    {
        "pricing": Json("https://api.thundercompute.com:8443/v1/pricing"),
        "specs": Json("https://api.thundercompute.com:8443/v1/specs"),
    }
)

# Disk, further vCPUs and snapshots have prices too, under other names.
CONFIGURATION = re.compile(r"(?P<gpu>[a-z0-9]+)_x(?P<count>\d+)(?:_(?P<mode>[a-z]+))?")


def offers(answer: Any) -> Iterator[Offer]:
    """Each configuration that has a price."""
    specs = answer["specs"]["specs"]
    for name, price in answer["pricing"]["pricing"].items():
        configuration = CONFIGURATION.fullmatch(name)
        if configuration and money(price):
            spec = specs.get(name) or {}
            yield Offer(
                instance_type=name,
                gpu_name=spec.get("displayName") or configuration["gpu"],
                gpu_count=count(configuration["count"]) or 1,
                gpu_memory_gb=memory_gb(spec.get("vramGB")),
                price=money(price),
                currency="USD",
                price_unit="instance_hour",
                billing_increment_seconds=60,
                raw=spec,
            )
