"""Hyperstack (NexGen Cloud): the on-demand and spot tables of its price page.

Prices are USD per GPU-hour before tax and include the vCPUs and the RAM of that GPU.  The tables are recognised by
their headings.  Reservations are left out: they are stated as "starting from", without a term.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml.html import HtmlElement

from scrapers.offer import Draft, PriceField, Prices, Provider
from scrapers.parse import count, memory_gb, price_or_why
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "hyperstack",
    "Hyperstack",
    pricing_url="https://www.hyperstack.cloud/gpu-pricing",
    source_class="price_page",
    minimum_offers=6,
    sxm_named=True,  # its price page of 2026-08-22 has "NVIDIA A100 SXM" beside "NVIDIA A100"
)
SOURCE = Html("https://www.hyperstack.cloud/gpu-pricing")

_GPU, _ON_DEMAND, _SPOT = "GPU Model", "Pricing Per Hour", "Spot VM"
_PRICES: Mapping[str, PriceField] = {_ON_DEMAND: "price", _SPOT: "price_spot"}


class _Row(NamedTuple):
    words: dict[str, str]
    is_priced: bool  # here or in the other table


def _rows(page: HtmlElement) -> Iterator[_Row]:
    """The rows of both tables: a GPU with its price on demand or as spot, described as in the first table."""
    stated = list(_stated(page))
    priced = {row[_GPU] for row in stated if any(_prices(row).values())}
    described = {row[_GPU]: {name: row[name] for name in row.keys() - _PRICES} for row in stated if _ON_DEMAND in row}
    return (_Row(described.get(row[_GPU], {}) | row, row[_GPU] in priced) for row in stated)


def _stated(page: HtmlElement) -> Iterator[dict[str, str]]:
    for table in page.cssselect(".page-price_card_main"):
        titles = [visible_text(cell) for cell in table.cssselect(".page-price_card_head_item")]
        if _GPU in titles and {*_PRICES} & set(titles):
            for row in filter(is_visible, table.cssselect(".page-price_card_row_item")):
                cells = [visible_text(cell) for cell in row.cssselect(".page-price_card_row_item_col")]
                yield dict(zip(titles, cells, strict=True))


def _prices(row: dict[str, str]) -> Prices:
    prices: Prices = {}
    for title, field in _PRICES.items():
        if title in row:
            prices[field] = price_or_why(row[title])
    return prices


def _key(row: _Row) -> tuple[str, str]:
    return row.words[_GPU], ""


def _read(row: _Row) -> Draft | LeftOut:
    name, prices = row.words[_GPU], _prices(row.words)
    if row.is_priced and not any(prices.values()):
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=name,
        gpu_memory_gb=memory_gb(row.words.get("VRAM (GB)")),
        vcpu_count=count(row.words.get("Max pCPUs per GPU")),
        ram_gb=memory_gb(row.words.get("Max RAM (GB) per GPU")),
        availability=None if row.is_priced else "contact_sales",
        currency="USD",
        price_unit="gpu_hour",
        **prices,
    )


offers = RowParser("a row of the tables", _rows, _read, _key)
