"""Salad: the GPUs of its price page, at the lowest of its priorities.

Prices are USD per GPU-hour before tax for the GPU alone: vCPUs and RAM are billed separately.  The machines, with one
GPU each, belong to other people and may leave, and work of a higher priority goes first: these are spot prices.  The
price per month is the same for 730 hours.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.parse import GPU_NAME, memory_gb
from scrapers.prices_in_text import Segment, price_after, segments
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "salad", "Salad", pricing_url="https://salad.com/pricing", source_class="price_page", minimum_offers=5
)
SOURCE = HtmlText("https://salad.com/pricing")

# "RTX 5090 32GB 8GB 4 vCPUs $0.250 $182.50"; the RAM and the vCPUs are a suggestion.
_NAME = re.compile(rf"(?P<gpu>{GPU_NAME}) \(?(?P<memory>\d+ ?GB)\b\)?")


def _rows(text: str) -> Iterator[Segment]:
    return segments(_NAME, text)


def _key(row: Segment) -> tuple[str, str]:
    name, _ = row
    return f"{name['gpu']} {name['memory']}, lowest priority", ""


def _read(row: Segment) -> Draft | LeftOut:
    (name, words), (instance_type, _) = row, _key(row)
    price = price_after(words, bare=True, within=30)
    if not price:
        return LeftOut("no_price", instance_type)
    return Draft(
        instance_type=instance_type,
        gpu_name=name["gpu"],
        gpu_count=1,
        gpu_memory_gb=memory_gb(name["memory"]),
        price_spot=price,
        price_basis="gpu_only",
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a GPU of the table", _rows, _read, _key)
