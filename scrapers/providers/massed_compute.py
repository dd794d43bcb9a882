"""Massed Compute: the virtual machines of its price page, read from the page's Next.js data.

Prices are USD per machine-hour before tax, vCPUs, RAM and disk included.  A row's key names the machine:
"H100 NVL (94GB) NVLink-x 2-0" has two GPUs.  "Request" stands where the price is to be asked for.
"""

import re
from collections.abc import Iterator

from scrapers.flight import Rows, elements, words
from scrapers.offer import Offer, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.sources import Flight

PROVIDER = Provider(
    "massed-compute",
    "Massed Compute",
    pricing_url="https://massedcompute.com/pricing/",
    source_class="price_page",
    minimum_offers=8,
)
SOURCE = Flight("https://vm.massedcompute.com/pricing")

KEY = re.compile(r"(?P<label>.+)-x (?P<count>\d+)-\d+")
LABEL = re.compile(r"(?P<gpu>[^([]+?)\s*(?:\((?P<memory>\d+ ?GB)\))?\s*(?P<nvlink>NVLink)?\s*(?:\[.+\])?")


def offers(page: Rows) -> Iterator[Offer]:
    """Each row of the tables; the copies for narrow screens aren't rows of a table."""
    for key, cells in elements(list(page.values()), "tr"):
        row = KEY.fullmatch(key)
        label = LABEL.fullmatch(row["label"]) if row and not row["label"].endswith("-mobile") else None
        if row and label:
            _, cpus, ram, disk, price, *_ = (words(cell, page) for cell in cells)
            yield Offer(
                instance_type=f"{row['label']} x {row['count']}",
                gpu_name=label["gpu"],
                gpu_count=int(row["count"]),
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
