"""Dataoorts: the tables of its price page, one for each of its series.

Prices are USD per GPU-hour before tax and move with the demand, about every 18 hours; vCPUs and RAM are included,
storage is extra.  Spot where the table states it.
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
    "dataoorts",
    "Dataoorts",
    pricing_url="https://dataoorts.com/pricing/",
    source_class="price_page",
    minimum_offers=8,
    sxm_named=True,  # its price page of 2026-05-24 has "NVIDIA H200 SXM5" beside "NVIDIA H200"
)
SOURCE = Html("https://dataoorts.com/pricing/")

# A column is what the first of these words in its heading says.
COLUMNS = {"spot": "price_spot", "demand": "price", "vram": "memory", "ram": "ram", "cpu": "cpus", "gpu": "gpu"}


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each configuration once, a row's on-demand and spot price together; rows without a price are left out."""
    prices: dict[tuple[str, ...], dict[str, Any]] = defaultdict(dict)
    for row in _rows(page):
        configuration = tuple(row.get(column, "") for column in ("gpu", "memory", "cpus", "ram"))
        stated = {field: money(row.get(field)) for field in ("price", "price_spot")}
        prices[configuration] |= {field: price for field, price in stated.items() if price}
    for configuration, fields in prices.items():
        if fields:
            yield _offer(configuration, fields)


def _rows(page: HtmlElement) -> Iterator[dict[str, str]]:
    for table in page.cssselect("table"):
        heading, rows = table.cssselect("tr:first-child"), table.cssselect("tr:has(td)")
        columns = [_column(words_of(cell)) for cell in heading[0]] if heading else []
        if "gpu" in columns and {"price", "price_spot"} & set(columns):
            for row in filter(is_seen, rows):
                yield {name: words_of(cell).strip(" -–—") for name, cell in zip(columns, row, strict=False) if name}


def _column(heading: str) -> str | None:
    return next((name for word, name in COLUMNS.items() if word in heading.casefold()), None)


def _offer(configuration: tuple[str, ...], fields: dict[str, Any]) -> Offer:
    gpu, memory, cpus, ram = configuration
    sizes = [memory, f"{cpus} vCPU" if cpus else "", f"{ram} RAM" if ram else ""]
    return Offer(
        instance_type=", ".join(filter(None, [gpu, *sizes])),
        gpu_name=gpu,
        gpu_memory_gb=memory_gb(memory),
        vcpu_count=count(cpus),
        ram_gb=memory_gb(ram),
        currency="USD",
        price_unit="gpu_hour",
        **fields,
    )
