"""Nebius: the table "NVIDIA GPU Instances" of its price page, read from the page's Next.js data.

Prices are USD per GPU-hour before tax and include the GPU's share of vCPUs and RAM.  Preemptible is spot.  Neither
regions nor the number of GPUs are stated.  "from $1.82" is the price of the smallest machine with that GPU.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scrapers.nextjs_data import values_of
from scrapers.offer import Draft, Provider
from scrapers.parse import count, money
from scrapers.row_parser import RowParser
from scrapers.sources import NextJsData

PROVIDER = Provider(
    "nebius", "Nebius", pricing_url="https://nebius.com/prices", source_class="price_page", minimum_offers=4
)
SOURCE = NextJsData("https://nebius.com/prices")

ITEM, CPUS, RAM = "Item", "vCPUs", "RAM, GB"
ON_DEMAND, SPOT = "On-demand, GPU-hour", "Preemptible, GPU-hour"


_Row = dict[str, str]


def _rows(page: Any) -> Iterator[_Row]:
    """The rows of the table.  Raises ValueError where no table has all five headings."""
    tables = [table for table in values_of(page, "content") if isinstance(table, list) and table and table[0]]
    for heading, *rows in tables:
        if isinstance(heading, list) and {ITEM, CPUS, RAM, ON_DEMAND, SPOT} <= set(map(str, heading)):
            return (dict(zip(heading, row if isinstance(row, list) else (), strict=False)) for row in rows)
    raise ValueError(f"no table with the headings {ITEM!r}, {CPUS!r}, {RAM!r}, {SPOT!r}, {ON_DEMAND!r}")


def _key(row: _Row) -> tuple[str, str]:
    return row[ITEM], ""


def _read(row: _Row) -> Draft:
    price, spot = money(row[ON_DEMAND]), money(row[SPOT])
    return Draft(
        instance_type=row[ITEM],
        gpu_name=row[ITEM].partition(" with ")[0],
        price=price,
        price_spot=spot,
        availability=None if price or spot else "contact_sales",
        vcpu_count=count(row[CPUS]) if row[CPUS].isdigit() else None,
        ram_gb=Decimal(row[RAM]) if row[RAM].isdigit() else None,
        currency="USD",
        price_unit="gpu_hour",
        raw=row,
    )


offers = RowParser("a row of the table", _rows, _read, _key)
