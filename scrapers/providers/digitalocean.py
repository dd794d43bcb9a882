"""DigitalOcean: the GPU Droplets of its documentation's price page, on demand and spot.

Prices are USD per Droplet-hour before tax; "(8x)" in the name is the number of GPUs.  Droplets under contract
have no price.  Billed by the second, at least one minute, and also while a Droplet is switched off.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml.html import HtmlElement

from scrapers.offer import Draft, PriceField, Prices, Provider, only
from scrapers.parse import price_or_why
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "digitalocean",
    "DigitalOcean",
    pricing_url="https://www.digitalocean.com/pricing/gpu-droplets",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://docs.digitalocean.com/products/droplets/details/pricing/")

# The id of a heading -> the price that its table states.
_SECTIONS: Mapping[str, PriceField | None] = {
    "on-demand-gpu-droplet-pricing": "price",
    "spot-gpu-droplet-pricing": "price_spot",
    "contract-gpu-droplet-pricing": None,
}
# The table shortens these two; the price page and the size slugs (gpu-4000adax1-20gb, gpu-6000adax1-48gb) say Ada
# (looked up on 2026-08-22).
_ADA = {"NVIDIA RTX 4000": "NVIDIA RTX 4000 Ada", "NVIDIA RTX 6000": "NVIDIA RTX 6000 Ada"}
_SIZE = re.compile(r"(?P<gpu>[^,(]+?)\s*(?:,\s*(?P<cooling>[\w -]+?))?\s*(?:\((?P<count>\d+)x\))?")


class _Row(NamedTuple):
    name: str
    field: PriceField | None
    words: str
    is_priced: bool  # here or in another section


def _rows(page: HtmlElement) -> Iterator[_Row]:
    """The rows of the three sections: a Droplet with its price on demand, on spot or by contract."""
    stated = [(*_cells(row), field) for section, field in _SECTIONS.items() for row in _of_section(page, section)]
    priced = {name for name, words, field in stated if field and price_or_why(words)}
    return (_Row(name, field, words, name in priced) for name, words, field in stated)


def _of_section(page: HtmlElement, section: str) -> Iterator[HtmlElement]:
    return filter(is_visible, page.xpath("//table[preceding::h2[1]/@id=$id]//tr[td]", id=section))


def _cells(row: HtmlElement) -> tuple[str, str]:
    name, price = (visible_text(cell) for cell in row.xpath("./td"))
    return name, price


def _key(row: _Row) -> tuple[str, str]:
    return row.name, ""


def _read(row: _Row) -> Draft | LeftOut:
    size = _SIZE.fullmatch(row.name)
    if not size:
        raise ValueError(f"{row.name!r} is not the name of a GPU Droplet, such as 'NVIDIA H100 (8x)'")
    prices = only(row.field, price_or_why(row.words)) if row.field else Prices()
    if row.is_priced and not any(prices.values()):
        return LeftOut("no_price", row.name)
    return Draft(
        instance_type=row.name,
        gpu_name=_ADA.get(size["gpu"], size["gpu"]),
        gpu_count=int(size["count"] or 1),
        currency="USD",
        price_unit="instance_hour",
        availability=None if row.is_priced else "contact_sales",
        billing_increment_seconds=1,
        **prices,
    )


offers = RowParser("a row of the tables", _rows, _read, _key)
