"""E2E Networks: the offers that its price page carries for search engines (JSON-LD).

Prices are INR per GPU-hour before tax, vCPUs and RAM included; the table that readers see is in rupees or dollars, by
where they are.  Two offers may have the same name ("NVIDIA A100 GPU Cloud Instance"): their addresses differ.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml.html import HtmlElement

from scrapers.flight import values_of
from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.sources import Html

PROVIDER = Provider(
    "e2e-networks",
    "E2E Networks",
    pricing_url="https://www.e2enetworks.com/pricing",
    source_class="price_page",
    minimum_offers=5,
    must_have=("l4", "l40s", "h200-sxm"),
)
SOURCE = Html("https://www.e2enetworks.com/pricing")

CATEGORY = "GPU Cloud Instance"
SPECIFICATION = re.compile(r"(?P<vram>\d+ ?GB) VRAM, (?P<cpus>\d+) vCPUs, (?P<ram>\d+ ?GB) RAM")
AVAILABILITY: dict[str, Availability] = {
    "https://schema.org/InStock": "available",
    "https://schema.org/LimitedAvailability": "limited",
    "https://schema.org/OutOfStock": "sold_out",
    "https://schema.org/SoldOut": "sold_out",
}


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each offer of a GPU instance.  Raises ValueError without one, for two prices, and for one not by the hour."""
    carried = [
        json.loads(text, parse_float=Decimal) for text in page.xpath("//script[@type='application/ld+json']/text()")
    ]
    stated = [offer for listed in values_of(carried, "itemListElement") for offer in listed]
    gpus = [offer for offer in stated if offer.get("category") == CATEGORY]
    if not gpus:
        raise ValueError(f"no offer of the category {CATEGORY!r} among {len(stated)} in the page's JSON-LD")
    for offer in gpus:
        yield _offer(offer)


def _offer(offer: Any) -> Offer:
    price, specified = offer["price"], offer["priceSpecification"]
    if specified["unitText"] != "per hour":
        raise ValueError(f"{offer['name']!r:.80} is priced {specified['unitText']!r:.40}, not 'per hour'")
    if (specified["price"], specified["priceCurrency"]) != (price, offer["priceCurrency"]):
        raise ValueError(f"{offer['name']!r:.80} has two prices, {price!r:.20} and {specified['price']!r:.20}")
    size = SPECIFICATION.search(offer["itemOffered"].get("description") or "")
    return Offer(
        instance_type=offer["url"].rstrip("/").rpartition("/")[2],
        instance_name=offer["name"],
        instance_url=offer["url"],
        gpu_name=offer["name"].removesuffix(CATEGORY).strip(),
        gpu_memory_gb=memory_gb(size["vram"]) if size else None,
        price=money(price),
        availability=AVAILABILITY.get(offer.get("availability")),
        vcpu_count=count(size["cpus"]) if size else None,
        ram_gb=memory_gb(size["ram"]) if size else None,
        currency=offer["priceCurrency"],
        price_unit="gpu_hour",
    )
