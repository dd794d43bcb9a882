"""Civo: the tables of NVIDIA GPUs of its price page.

Prices are US dollars per machine-hour before tax, vCPUs, RAM and disk included; on demand, and with a commitment of
6, 12, 24 or 36 months, of which one and three years are kept.  A table's caption tells SXM from PCIe where its rows
don't ("NVIDIA H100 SXM GPU pricing").
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from scrapers.offer import Draft, Prices, Provider, StatedPrice
from scrapers.parse import count, memory_gb, price_or_why
from scrapers.row_parser import RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "civo",
    "Civo",
    pricing_url="https://www.civo.com/pricing",
    source_class="price_page",
    minimum_offers=5,
    must_have=("l40s", "h100-sxm"),
)
SOURCE = Html("https://www.civo.com/pricing")

_CAPTION = re.compile(r"NVIDIA (?P<gpu>.+?)(?: \d+ ?GB)? GPU pricing")
_SIZE = re.compile(r"(?P<size>[A-Z][A-Za-z ]*?) (?P<count>\d+) x NVIDIA .+? - (?P<memory>\d+ ?GB).*")
_ONE_YEAR, _THREE_YEARS = "12_months", "36_months"

_Row = tuple[str, dict[str | None, HtmlElement]]


def _rows(page: HtmlElement) -> Iterator[_Row]:
    """The rows of the GPU tables: the GPU of the caption, and the cells by their title."""
    for table in page.cssselect("section#nvidia-gpus table"):
        caption = _CAPTION.fullmatch(visible_text(table.cssselect("caption")[0]))
        if caption:
            for row in filter(is_visible, table.cssselect("tbody tr")):
                yield caption["gpu"], {cell.get("data-title"): cell for cell in row.cssselect("td")}


def _size(row: _Row) -> re.Match[str]:
    stated = visible_text(row[1]["Size"])
    size = _SIZE.fullmatch(stated)
    if not size:
        raise ValueError(f"{stated!r:.80} is not a size, such as 'Small 1 x NVIDIA L40S - 48GB'")
    return size


def _key(row: _Row) -> tuple[str, str]:
    size = _size(row)
    return f"{size['size']} {size['count']}x {row[0]} {size['memory']}", ""


def _read(row: _Row) -> Draft:
    """The row's offer; without any price, one has to contact sales."""
    (gpu, cells), size = row, _size(row)
    prices: Prices = {
        "price": _hourly(cells["On-demand price"]),
        "price_1y": _hourly(cells["Commitment price"], _ONE_YEAR),
        "price_3y": _hourly(cells["Commitment price"], _THREE_YEARS),
    }
    return Draft(
        instance_type=_key(row)[0],
        gpu_name=gpu,
        gpu_count=int(size["count"]),
        gpu_memory_gb=memory_gb(size["memory"]),
        **prices,
        currency="USD",
        price_unit="instance_hour",
        availability=None if any(prices.values()) else "contact_sales",
        vcpu_count=count(visible_text(cells["vCPU"])),
        ram_gb=memory_gb(visible_text(cells["RAM"])),
    )


def _hourly(cell: HtmlElement, term: str = "") -> StatedPrice:
    """The price per hour; with `term`, that of the commitment whose part of the cell has this id.

    The cell shows one term at a time: the hidden ones are valid too.
    """
    part = f".//*[@id='{term}']" if term else "."
    return price_or_why(" ".join(map(visible_text, cell.xpath(f"{part}//*[@data-option='hourly']"))))


offers = RowParser("a row of the tables", _rows, _read, _key)
