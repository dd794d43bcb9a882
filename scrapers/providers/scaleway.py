"""Scaleway: public product catalogue, no key needed.

Prices are euros before tax for the whole instance, by the hour or, for the big machines, by the minute; an offer
for each zone.  The catalogue doesn't tell stock.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, PriceUnit, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider(
    "scaleway",
    "Scaleway",
    pricing_url="https://www.scaleway.com/en/pricing/gpu/",
    minimum_offers=4,
    must_have=("l4",),
)
SOURCE = Json(
    "https://api.scaleway.com/product-catalog/v2alpha1/public-catalog/products?product_types=instance&page_size=1000"
)

_UNITS: Mapping[str, PriceUnit] = {
    "hour": "instance_hour",
    "minute": "instance_minute",
    "second": "instance_second",
}
_NOT_SOLD = {"end_of_sale", "end_of_life", "retired"}
_MEMORY = re.compile(r"-(\d+)G$")


def offers(catalogue: Any) -> Iterator[Offer]:
    """One offer of each instance with GPUs and zone.  Raises ValueError where the catalogue has more pages."""
    products = catalogue["products"]
    if catalogue.get("total_count", 0) > len(products):
        raise ValueError(f"{len(products)} of {catalogue['total_count']} products; expected all in one page")
    for product in products:
        gpu = product.get("properties", {}).get("hardware", {}).get("gpu") or {}
        unit = _UNITS.get(product.get("unit_of_measure", {}).get("unit", ""))
        price = _amount(product)
        if gpu.get("count") and unit and price and product.get("status") not in _NOT_SOLD:
            yield _offer(product, gpu, price, unit)


def _offer(product: Any, gpu: Mapping[str, Any], price: Decimal, unit: PriceUnit) -> Offer:
    hardware, locality = product["properties"]["hardware"], product.get("locality", {})
    memory = _MEMORY.search(product["product"])
    cpu, ram = hardware.get("cpu", {}), hardware.get("ram", {})
    return Offer(
        instance_type=product["product"],
        region=locality.get("zone") or locality.get("region") or "",
        gpu_name=gpu["type"],
        gpu_count=gpu["count"],
        gpu_memory_gb=Decimal(memory[1]) if memory else None,
        price=price,
        currency=product["price"]["retail_price"]["currency_code"],
        price_unit=unit,
        vcpu_count=cpu.get("threads") or cpu.get("virtual", {}).get("count"),
        ram_gb=Decimal(ram["size"]) / 2**30 if ram.get("size") else None,
    )


def _amount(product: Any) -> Decimal | None:
    """Units and billionths, for one unit of measure."""
    stated = product.get("price", {}).get("retail_price") or {}
    amount = money(Decimal(stated.get("units", 0)) + Decimal(stated.get("nanos", 0)) / 10**9)
    return amount and amount / (product["unit_of_measure"].get("size") or 1)
