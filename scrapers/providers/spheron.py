"""Spheron: the rows of GPUs of its price page.

Prices are USD per GPU-hour before tax, the lowest that its upstream clouds offer at the moment; on demand, spot or
both.  A row without a price is a GPU to come.  The API, which names the upstream clouds and machines, wants a key.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml.html import HtmlElement

from scrapers.offer import Offer, Provider
from scrapers.parse import PRICE, memory_gb, money, text_of, words_of
from scrapers.sources import Html

PROVIDER = Provider(
    "spheron",
    "Spheron",
    pricing_url="https://www.spheron.network/pricing/",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://www.spheron.network/pricing/")

STATED = re.compile(rf"(?P<spot>Spot:? )?(?P<price>{PRICE})")


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each row with a price."""
    for row in page.cssselect(".gpu-price-row"):
        price, spot = _prices(row)
        if price or spot:
            gpu, memory = text_of(row.cssselect("h3")[0]), text_of(row.cssselect(".gpu-price-vram")[0])
            yield Offer(
                instance_type=f"{gpu} {memory}",
                gpu_name=gpu,
                gpu_memory_gb=memory_gb(memory),
                price=price,
                price_spot=spot,
                currency="USD",
                price_unit="gpu_hour",
            )


def _prices(row: HtmlElement) -> tuple[Decimal | None, Decimal | None]:
    """On demand and spot; the latter may stand in a badge's title, or be the only one, as a title then says."""
    titles = [str(title) for title in row.xpath(".//@title")]
    found = [*STATED.finditer(" ".join([words_of(row), *titles]))]
    by_spot = {bool(price["spot"]): price["price"] for price in reversed(found)}
    if any(title.startswith("Spot price") for title in titles):
        return None, money(by_spot.get(False) or by_spot.get(True))
    return money(by_spot.get(False)), money(by_spot.get(True))
