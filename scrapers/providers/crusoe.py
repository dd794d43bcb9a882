"""Crusoe Cloud: the section "GPU instances pricing" of its price page.

Prices are USD per GPU-hour before tax: on demand, then the current spot price; "Contact sales" where there is none.
Memory and form factor stand beside the GPU's name ("NVIDIA A100", "80GB", "SXM").  The same rows further down the
page, without "/GPU-hr", are for other products.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from scrapers.offer import Draft, OddPrice, Provider, StatedPrice
from scrapers.parse import memory_gb, price_or_why
from scrapers.row_parser import RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "crusoe",
    "Crusoe",
    pricing_url="https://www.crusoe.ai/cloud/pricing",
    source_class="price_page",
    minimum_offers=4,
)
SOURCE = Html("https://www.crusoe.ai/cloud/pricing")

_SECTION = "GPU instances pricing"


def _rows(page: HtmlElement) -> Iterator[HtmlElement]:
    """The rows of the GPU section.  Raises ValueError without that section."""
    for section in page.cssselect(".pricing-dd"):
        if any(visible_text(heading) == _SECTION for heading in section.cssselect("h3")):
            return filter(is_visible, section.cssselect("[role=listitem]"))
    raise ValueError(f"no section {_SECTION!r} in the page")


def _tags(row: HtmlElement) -> list[str]:
    return [visible_text(tag) for tag in row.cssselect(".pricing-tag")]


def _key(row: HtmlElement) -> tuple[str, str]:
    return " ".join(filter(None, [visible_text(row.cssselect("h4")[0]), *_tags(row)])), ""


def _read(row: HtmlElement) -> Draft:
    (name, _), tags = _key(row), _tags(row)
    on_demand, spot = (_per_gpu(cell) for cell in filter(is_visible, row.cssselect(".pricing-rich")))
    return Draft(
        instance_type=name,
        gpu_name=name,
        gpu_memory_gb=memory_gb(tags[0]) if tags else None,
        price=on_demand,
        price_spot=spot,
        availability=None if on_demand or spot else "contact_sales",
        currency="USD",
        price_unit="gpu_hour",
    )


def _per_gpu(cell: HtmlElement) -> StatedPrice:
    words = visible_text(cell)
    if re.search(r"\d", words) and not words.endswith("/GPU-hr"):
        return OddPrice(f"{words!r:.80} is not a price per GPU-hour")
    return price_or_why(words)


offers = RowParser("a row of the section", _rows, _read, _key)
