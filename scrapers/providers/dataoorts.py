"""Dataoorts: the tables of its price page, one for each of its series.

Prices are USD per GPU-hour before tax and change with demand, about every 18 hours; vCPUs and RAM are included,
storage is extra.  Spot prices are read where the table states them.
"""

from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

from scrapers.offer import Draft, Prices, Provider
from scrapers.parse import count, memory_gb, price_or_why
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "dataoorts",
    "Dataoorts",
    pricing_url="https://dataoorts.com/pricing/",
    source_class="price_page",
    minimum_offers=8,
    sxm_named=True,  # its price page of 2026-05-24 has "NVIDIA H200 SXM5" beside "NVIDIA H200"
)
SOURCE = Html("https://dataoorts.com/pricing/")

# The first of these words in a column's heading decides what the column is.
_COLUMNS = {"spot": "price_spot", "demand": "price", "vram": "memory", "ram": "ram", "cpu": "cpus", "gpu": "gpu"}
_PRICES = ("price", "price_spot")

_Row = Mapping[str, str]


def _rows(page: HtmlElement) -> Iterator[_Row]:
    """The rows of the GPU tables: the text of each cell by its column."""
    for table in page.cssselect("table"):
        heading, rows = table.cssselect("tr:first-child"), table.cssselect("tr:has(td)")
        columns = [_column(visible_text(cell)) for cell in heading[0]] if heading else []
        if "gpu" in columns and {*_PRICES} & set(columns):
            for row in filter(is_visible, rows):
                yield {name: visible_text(cell).strip(" -–—") for name, cell in zip(columns, row, strict=False) if name}


def _column(heading: str) -> str | None:
    return next((name for word, name in _COLUMNS.items() if word in heading.casefold()), None)


def _key(row: _Row) -> tuple[str, str]:
    sizes = {"memory": "{}", "cpus": "{} vCPU", "ram": "{} RAM"}
    return ", ".join([row["gpu"], *(form.format(row[name]) for name, form in sizes.items() if row.get(name))]), ""


def _read(row: _Row) -> Draft | LeftOut:
    """The draft of a row, which may state one of two prices: those of one configuration are combined later."""
    name, _ = _key(row)
    prices = Prices(price=price_or_why(row.get("price", "")), price_spot=price_or_why(row.get("price_spot", "")))
    if not any(prices.values()):
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=row["gpu"],
        gpu_memory_gb=memory_gb(row.get("memory")),
        vcpu_count=count(row.get("cpus")),
        ram_gb=memory_gb(row.get("ram")),
        currency="USD",
        price_unit="gpu_hour",
        **prices,
    )


offers = RowParser("a row of the tables", _rows, _read, _key)
