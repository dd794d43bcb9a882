"""Spheron: the rows of GPUs of its price page.

Prices are USD per GPU-hour before tax, the lowest that its upstream clouds offer at the moment, in a machine of any
size; on demand, spot or both.  A row without a price is for a GPU to come.  The API, which names the upstream clouds
and machines, needs a key.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml.html import HtmlElement

from scrapers.offer import Draft, Provider
from scrapers.parse import memory_gb
from scrapers.prices_in_text import price_after
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, plain, visible_text

PROVIDER = Provider(
    "spheron",
    "Spheron",
    pricing_url="https://www.spheron.network/pricing/",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://www.spheron.network/pricing/")

_SPOT = re.compile(r"\bSpot\b")
_BELOW_ON_DEMAND = re.compile(r"[-−]\d+ ?%")  # a badge that says how far spot is below


def _rows(page: HtmlElement) -> Iterator[HtmlElement]:
    return filter(is_visible, page.cssselect(".gpu-price-row"))


def _key(row: HtmlElement) -> tuple[str, str]:
    return f"{visible_text(row.cssselect('h3')[0])} {visible_text(row.cssselect('.gpu-price-vram')[0])}", ""


def _read(row: HtmlElement) -> Draft | LeftOut:
    (name, _), (price, spot) = _key(row), _prices(row)
    if not (price or spot):
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=visible_text(row.cssselect("h3")[0]),
        gpu_memory_gb=memory_gb(visible_text(row.cssselect(".gpu-price-vram")[0])),
        price=price,
        price_spot=spot,
        currency="USD",
        price_unit="gpu_hour",
    )


def _prices(row: HtmlElement) -> tuple[Decimal | None, Decimal | None]:
    """The prices on demand and as spot; the latter may stand in a badge's title, or alone, as a title then says."""
    titles = [plain(title) for title in row.xpath(".//@title")]
    words = visible_text(row)
    price = price_after(_BELOW_ON_DEMAND.sub("", words), bare=True, within=200)
    behind = [part for text in (words, *titles) for part in _SPOT.split(text)[1:]]
    spot = {price_after(part, bare=True, within=20) for part in behind} - {None}
    if len(spot) > 1:
        raise ValueError(f"two spot prices in {words!r:.80} and {titles!r:.80}")
    if any(title.startswith("Spot price") for title in titles):
        return None, price or next(iter(spot), None)
    return price, next(iter(spot), None)


offers = RowParser("a row of the page", _rows, _read, _key)
