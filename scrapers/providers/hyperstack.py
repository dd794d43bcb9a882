"""Hyperstack (NexGen Cloud): the on-demand and spot tables of its price page.

Prices are USD per GPU-hour before tax and hold the vCPUs and the RAM of that GPU.  The tables are told by their
headings.  Reservations are stated "starting from", without a term: left out.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from scrapers.offer import Offer, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.sources import Html
from scrapers.words import is_seen, words_of

PROVIDER = Provider(
    "hyperstack",
    "Hyperstack",
    pricing_url="https://www.hyperstack.cloud/gpu-pricing",
    source_class="price_page",
    minimum_offers=6,
    sxm_named=True,  # its price page of 2026-08-22 has "NVIDIA A100 SXM" beside "NVIDIA A100"
)
SOURCE = Html("https://www.hyperstack.cloud/gpu-pricing")

GPU, ON_DEMAND, SPOT = "GPU Model", "Pricing Per Hour", "Spot VM"


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each GPU of both tables, once: its on-demand price, its spot price or both."""
    by_name: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in _rows(page):
        by_name[row[GPU]] |= _fields(row)
    for name, fields in by_name.items():
        fields["availability"] = None if fields.get("price") or fields.get("price_spot") else "contact_sales"
        yield Offer(instance_type=name, gpu_name=name, currency="USD", price_unit="gpu_hour", **fields)


def _rows(page: HtmlElement) -> Iterator[dict[str, str]]:
    for table in page.cssselect(".page-price_card_main"):
        titles = [words_of(cell) for cell in table.cssselect(".page-price_card_head_item")]
        if GPU in titles and {ON_DEMAND, SPOT} & set(titles):
            for row in filter(is_seen, table.cssselect(".page-price_card_row_item")):
                cells = [words_of(cell) for cell in row.cssselect(".page-price_card_row_item_col")]
                yield dict(zip(titles, cells, strict=True))


def _fields(row: dict[str, str]) -> dict[str, Any]:
    if SPOT in row:
        return {"price_spot": money(row[SPOT])}
    return {
        "price": money(row[ON_DEMAND]),
        "gpu_memory_gb": memory_gb(row.get("VRAM (GB)")),
        "vcpu_count": count(row.get("Max pCPUs per GPU")),
        "ram_gb": memory_gb(row.get("Max RAM (GB) per GPU")),
    }
