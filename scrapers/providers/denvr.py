"""Denvr Dataworks: the GPU machines of its price page.

Prices are USD per GPU-hour before tax, for machines with several GPUs: "NVIDIA H100 SXM 8 80 GB ... $2.45 / GPU".  A
GPU that can only be reserved has no price there and is left out.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.parse import GPU_NAME, memory_gb
from scrapers.prices_in_text import Segment, price_after, segments
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "denvr",
    "Denvr Dataworks",
    pricing_url="https://www.denvrdata.com/pricing",
    source_class="price_page",
    minimum_offers=1,
)
SOURCE = HtmlText("https://www.denvrdata.com/pricing")

_MACHINE = re.compile(rf"(?P<gpu>{GPU_NAME}) (?P<count>\d{{1,2}}) (?P<memory>\d+ ?GB)\b")
_BY_THE_HOUR = re.compile(r"\b(?:per hour|hourly|hr)\b", re.IGNORECASE)


def _rows(text: str) -> Iterator[Segment]:
    """The machines.  Raises ValueError where the page has no price per hour: the prices themselves say only "/ GPU"."""
    if not _BY_THE_HOUR.search(text):
        raise ValueError(f"no price per hour, but {text[:80]!r}")
    return segments(_MACHINE, text)


def _key(row: Segment) -> tuple[str, str]:
    machine, _ = row
    return f"{machine['gpu']} {machine['memory']}", ""


def _read(row: Segment) -> Draft | LeftOut:
    (machine, words), (name, _) = row, _key(row)
    price = price_after(words, bare=True, within=100)
    if not price:
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=machine["gpu"],
        gpu_count=int(machine["count"]),
        gpu_memory_gb=memory_gb(machine["memory"]),
        price=price,
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a machine of the page", _rows, _read, _key)
