"""Modal: the GPUs of its price page.

Prices are USD per GPU-second before tax for the GPU alone: processor cores and memory are billed separately.
Serverless: a container with one GPU is billed while it runs; choosing a region or non-preemption costs extra.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.parse import GPU_NAME, memory_gb
from scrapers.prices_in_text import Segment, price_after, segments
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "modal", "Modal", pricing_url="https://modal.com/pricing", source_class="price_page", minimum_offers=6
)
SOURCE = HtmlText("https://modal.com/pricing")

# "Nvidia A100, 80 GB $0.000694 / sec"
_NAME = re.compile(rf"(?P<gpu>{GPU_NAME})(?:,? (?P<memory>\d+ ?GB)\b)?")


def _rows(text: str) -> Iterator[Segment]:
    return segments(_NAME, text)


def _key(row: Segment) -> tuple[str, str]:
    name, _ = row
    return f"{name['gpu']}, {name['memory']}" if name["memory"] else name["gpu"], ""


def _read(row: Segment) -> Draft | LeftOut:
    (name, words), (instance_type, _) = row, _key(row)
    price = price_after(words, per="second", within=40)
    if not price:
        return LeftOut("no_price", instance_type)
    return Draft(
        instance_type=instance_type,
        gpu_name=name["gpu"],
        gpu_count=1,
        gpu_memory_gb=memory_gb(name["memory"]),
        price=price,
        price_basis="gpu_only",
        currency="USD",
        price_unit="gpu_second",
        billing_increment_seconds=1,
    )


offers = RowParser("a GPU of the page", _rows, _read, _key)
