"""DigitalOcean: the GPU Droplets of its documentation's price page, on demand and spot.

Prices are USD per Droplet-hour before tax; "(8x)" in the name is the number of GPUs.  Droplets under contract
have no price.  Billed by the second, a minute at least; a Droplet that is switched off is billed too.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Html
from scrapers.words import is_seen, words_of

PROVIDER = Provider(
    "digitalocean",
    "DigitalOcean",
    pricing_url="https://www.digitalocean.com/pricing/gpu-droplets",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://docs.digitalocean.com/products/droplets/details/pricing/")

# The heading's id -> the price that its table states.
SECTIONS = {
    "on-demand-gpu-droplet-pricing": "price",
    "spot-gpu-droplet-pricing": "price_spot",
    "contract-gpu-droplet-pricing": None,
}
# The table shortens these two; the price page and the size slugs (gpu-4000adax1-20gb, gpu-6000adax1-48gb) say Ada
# (looked up on 2026-08-22).
ADA = {"NVIDIA RTX 4000": "NVIDIA RTX 4000 Ada", "NVIDIA RTX 6000": "NVIDIA RTX 6000 Ada"}
SIZE = re.compile(r"(?P<gpu>[^,(]+?)\s*(?:,\s*(?P<cooling>[\w -]+?))?\s*(?:\((?P<count>\d+)x\))?")


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each Droplet once: its on-demand price, its spot price, or the wish to be asked."""
    prices: dict[str, dict[str, Any]] = defaultdict(dict)
    for section, field in SECTIONS.items():
        for name, cell in _rows(page, section):
            if field:
                prices[name][field] = money(cell)
            else:
                prices[name].setdefault("availability", "contact_sales")
    for name, fields in prices.items():
        yield _offer(name, fields)


def _rows(page: HtmlElement, section: str) -> Iterator[tuple[str, str]]:
    for row in filter(is_seen, page.xpath("//table[preceding::h2[1]/@id=$id]//tr[td]", id=section)):
        name, price = (words_of(cell) for cell in row.xpath("./td"))
        yield name, price


def _offer(name: str, fields: dict[str, Any]) -> Offer:
    size = SIZE.fullmatch(name)
    if not size:
        raise ValueError(f"{name!r} is not the name of a GPU Droplet, such as 'NVIDIA H100 (8x)'")
    if fields.get("price") or fields.get("price_spot"):
        fields.pop("availability", None)
    return Offer(
        instance_type=name,
        gpu_name=ADA.get(size["gpu"], size["gpu"]),
        gpu_count=int(size["count"] or 1),
        currency="USD",
        price_unit="instance_hour",
        billing_increment_seconds=1,
        **fields,
    )
