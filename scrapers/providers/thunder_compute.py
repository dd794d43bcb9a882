"""Thunder Compute: its open lists of prices and of configurations, no key needed.

Prices are USD per machine-hour before tax, with a base of vCPUs, RAM and disk.  A configuration is called
"a100xl_x2_production": two dedicated GPUs; "prototyping" shares them over the network and is the cheaper mode.
"""

import re
from collections.abc import Iterator
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
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

# Disk, additional vCPUs and snapshots have prices too, under other names.
CONFIGURATION = re.compile(r"(?P<gpu>[a-z0-9]+)_x(?P<count>\d+)(?:_(?P<mode>[a-z]+))?")


_Row = tuple[str, Record, Record]


def _rows(answer: Any) -> Iterator[_Row]:
    prices = record(answer).record("pricing").record("pricing")
    specs = record(answer).record("specs").record("specs")
    return ((name, prices, specs) for name in prices.names())


def _key(row: _Row) -> tuple[str, str]:
    return row[0], ""


def _read(row: _Row) -> Draft | LeftOut:
    name, prices, specs = row
    configuration = CONFIGURATION.fullmatch(name)
    if not configuration and (name in specs or names_gpu(name)):
        raise ValueError(f"{name!r:.80} is not a configuration, such as 'a100xl_x2_production'")
    if not configuration:
        return LeftOut("other_product", name)
    spec = specs.record(name, {})
    return Draft(
        instance_type=name,
        gpu_name=spec.text("displayName", None) or configuration["gpu"],
        gpu_count=int(configuration["count"]),
        gpu_memory_gb=spec.memory_gb("vramGB", None),
        price=prices.price(name),
        currency="USD",
        price_unit="instance_hour",
        billing_increment_seconds=60,
        raw=spec.mapping(),
    )


offers = RowParser("a price of the list", _rows, _read, _key)
