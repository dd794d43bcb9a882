"""Massed Compute: the virtual machines of its price page, read from the page's Next.js data.

Prices are USD per machine-hour before tax, vCPUs, RAM and disk included.  A row's key names the machine:
"H100 NVL (94GB) NVLink-x 2-0" has two GPUs.  "Request" takes the place of a price that one has to ask for.
"""

import re
from collections.abc import Iterator
from typing import Any

from scrapers.nextjs_data import Rows, elements, visible_text
from scrapers.offer import Draft, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.row_parser import RowParser
from scrapers.sources import NextJsData

PROVIDER = Provider(
    "massed-compute",
    "Massed Compute",
    pricing_url="https://massedcompute.com/pricing/",
    source_class="price_page",
    minimum_offers=8,
    sxm_named=True,  # its price page of 2026-08-22 has "A100 SXM4" beside "A100 (80GB)"
)
SOURCE = NextJsData("https://vm.massedcompute.com/pricing")

KEY = re.compile(r"(?P<label>.+)-x (?P<count>\d+)-\d+")
LABEL = re.compile(r"(?P<gpu>[^([]+?)\s*(?:\((?P<memory>\d+ ?GB)\))?\s*(?P<nvlink>NVLink)?\s*(?:\[.+\])?")


_Row = tuple[str, Any, Rows]


def _rows(page: Rows) -> Iterator[_Row]:
    """The rows of the tables; the copies for narrow screens aren't table rows."""
    return (
        (key, cells, page)
        for key, cells in elements(list(page.values()), "tr")
        if KEY.fullmatch(key) and not KEY.fullmatch(key)["label"].endswith("-mobile")  # type: ignore[index]
    )


def _key(row: _Row) -> tuple[str, str]:
    found = KEY.fullmatch(row[0])
    return (f"{found['label']} x {found['count']}" if found else ""), ""


def _read(row: _Row) -> Draft:
    key, cells, page = row
    found = KEY.fullmatch(key)
    label = LABEL.fullmatch(found["label"]) if found else None
    if not found or not label:
        raise ValueError(f"{key!r:.80} is not the name of a machine, such as 'H100 NVL (94GB)-x 2-0'")
    _, cpus, ram, disk, price, *_ = (visible_text(cell, page) for cell in cells)
    return Draft(
        instance_type=_key(row)[0],
        gpu_name=label["gpu"],
        gpu_count=int(found["count"]),
        gpu_memory_gb=memory_gb(label["memory"]),
        price=money(price),
        availability=None if money(price) else "contact_sales",
        vcpu_count=count(cpus),
        ram_gb=memory_gb(ram),
        storage_gb=count(disk),
        has_nvlink=True if label["nvlink"] else None,
        currency="USD",
        price_unit="instance_hour",
    )


offers = RowParser("a machine of the tables", _rows, _read, _key)
