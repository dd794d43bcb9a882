"""E2E Networks: the offers that its price page carries for search engines (JSON-LD).

Prices are INR per GPU-hour before tax, vCPUs and RAM included; the table that visitors see is in rupees or dollars,
depending on where they are.  Two offers with the same name ("NVIDIA A100 GPU Cloud Instance") differ in their address.
"""

import json
import re
from decimal import Decimal

from lxml.html import HtmlElement

from scrapers.nextjs_data import values_of
from scrapers.offer import Availability, Draft, Provider
from scrapers.parse import count, memory_gb
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
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

_CATEGORY = "GPU Cloud Instance"
_SPECIFICATION = re.compile(r"(?P<vram>\d+ ?GB) VRAM, (?P<cpus>\d+) vCPUs, (?P<ram>\d+ ?GB) RAM")
_AVAILABILITY: dict[str, Availability] = {
    "https://schema.org/InStock": "available",
    "https://schema.org/LimitedAvailability": "limited",
    "https://schema.org/OutOfStock": "sold_out",
    "https://schema.org/SoldOut": "sold_out",
}


def _rows(page: HtmlElement) -> list[Record]:
    """The offers in the page's JSON-LD.  Raises ValueError where none of them is for a GPU instance."""
    carried = [
        json.loads(text, parse_float=Decimal) for text in page.xpath("//script[@type='application/ld+json']/text()")
    ]
    stated = [offer for listed in values_of(carried, "itemListElement") for offer in records(listed)]
    if not any(_is_gpu(offer) for offer in stated):
        raise ValueError(f"no offer of the category {_CATEGORY!r} among {len(stated)} in the page's JSON-LD")
    return stated


def _is_gpu(offer: Record) -> bool:
    return bool(offer.text("category", "") == _CATEGORY)


def _key(offer: Record) -> tuple[str, str]:
    return offer.text("url").rstrip("/").rpartition("/")[2], ""


def _read(offer: Record) -> Draft | LeftOut:
    name = offer.text("name")
    if not _is_gpu(offer):
        return LeftOut("other_product", name)
    _require_one_price_per_hour(offer)
    size = _SPECIFICATION.search(offer.record("itemOffered").text("description", ""))
    return Draft(
        instance_type=_key(offer)[0],
        instance_name=name,
        instance_url=offer.text("url"),
        gpu_name=name.removesuffix(_CATEGORY).strip(),
        gpu_count=1 if size else None,  # the instance's VRAM is one GPU's
        gpu_memory_gb=memory_gb(size["vram"]) if size else None,
        price=offer.price("price", currency=offer.text("priceCurrency")),
        availability=_AVAILABILITY.get(offer.text("availability", "")),
        vcpu_count=count(size["cpus"]) if size else None,
        ram_gb=memory_gb(size["ram"]) if size else None,
        currency=offer.text("priceCurrency"),
        price_unit="gpu_hour",
    )


def _require_one_price_per_hour(offer: Record) -> None:
    specified = offer.record("priceSpecification")
    if specified.text("unitText") != "per hour":
        raise ValueError(f"priced {specified.text('unitText')!r:.40}, not 'per hour'")
    prices = [(one.money("price"), one.text("priceCurrency")) for one in (offer, specified)]
    if prices[0] != prices[1]:
        raise ValueError(f"two prices, {offer.raw('price')} and {specified.raw('price')}")


offers = RowParser("an offer of the page", _rows, _read, _key)
