"""GPUhub: the GPU cards of its home page.

Prices are USD per GPU-hour before tax, billed by the second with a minimum of one cent; disk beyond what is included
costs extra.  A GPU with more memory than NVIDIA builds it with ("RTX 4090 (48 GB mod)") is modified, and its name says
so.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.parse import GPU_NAME, memory_gb
from scrapers.prices_in_text import Segment, price_after, segments
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "gpuhub",
    "GPUhub",
    pricing_url="https://www.gpuhub.com/home",
    source_class="price_page",
    minimum_offers=3,
    must_have=("rtx-5090",),
)
SOURCE = HtmlText("https://www.gpuhub.com/home")

_NAME = re.compile(rf"(?P<gpu>{GPU_NAME}(?: \(\d+ GB mod\))?)(?: (?P<memory>\d+ ?GB?)\b)?")


def _rows(text: str) -> Iterator[Segment]:
    return segments(_NAME, text)


def _key(row: Segment) -> tuple[str, str]:
    name, _ = row
    return " ".join(filter(None, (name["gpu"], name["memory"]))), ""


def _read(row: Segment) -> Draft | LeftOut:
    (name, words), (instance_type, _) = row, _key(row)
    price = price_after(words, within=40)
    if not price:
        return LeftOut("no_price", instance_type)
    return Draft(
        instance_type=instance_type,
        gpu_name=name["gpu"],
        gpu_memory_gb=memory_gb(name["memory"]),
        price=price,
        currency="USD",
        price_unit="gpu_hour",
        billing_increment_seconds=1,
    )


offers = RowParser("a card of the page", _rows, _read, _key)
