"""Jarvis Labs: the GPU cards of its price page.

Prices are USD per GPU-hour before tax, vCPUs and RAM included; disk is extra.  A card reads "H100 SXM Hopper · 80 GB
$2.69".  Spot prices aren't stated.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.parse import GPU_NAME, memory_gb
from scrapers.prices_in_text import Segment, price_after, segments
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "jarvislabs",
    "Jarvis Labs",
    pricing_url="https://jarvislabs.ai/pricing",
    source_class="price_page",
    minimum_offers=4,
)
SOURCE = HtmlText("https://jarvislabs.ai/pricing")

_CARD = re.compile(
    rf"(?P<gpu>{GPU_NAME}) (?:Ada(?: Lovelace)?|Ampere|Hopper|Blackwell|Volta|Turing) · (?P<memory>\d+ ?GB)"
)


def _rows(text: str) -> Iterator[Segment]:
    return segments(_CARD, text)


def _key(row: Segment) -> tuple[str, str]:
    card, _ = row
    return f"{card['gpu']} {card['memory']}", ""


def _read(row: Segment) -> Draft | LeftOut:
    (card, words), (name, _) = row, _key(row)
    price = price_after(words, bare=True, within=40)
    if not price:
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=card["gpu"],
        gpu_memory_gb=memory_gb(card["memory"]),
        price=price,
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a card of the page", _rows, _read, _key)
