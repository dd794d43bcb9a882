"""Scaleway: public product catalogue, no key needed.

Prices are euros before tax for the whole instance, by the hour or, for the big machines, by the minute; an offer
for each zone.  The catalogue does not state availability.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Draft, PriceUnit, Provider, StatedPrice
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, unnamed_gpu
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
_NOT_SOLD = {"end_of_deployment", "end_of_sale", "end_of_support", "end_of_life", "retired"}
_MEMORY = re.compile(r"-(\d+)G$")


def _rows(catalogue: Any) -> list[Record]:
    """The products.  Raises ValueError where the catalogue has more pages."""
    products = record(catalogue).records("products")
    total = record(catalogue).count("total_count", 0)
    if total > len(products):
        raise ValueError(f"{len(products)} of {total} products; expected all in one page")
    return products


def _key(product: Record) -> tuple[str, str]:
    locality = product.record("locality", {})
    return product.text("product"), locality.text("zone", None) or locality.text("region", "")


def _read(product: Record) -> Draft | LeftOut:
    name, zone = _key(product)
    hardware = product.record("properties").record("hardware")
    gpu, unit = hardware.record("gpu", {}), product.record("unit_of_measure")
    if not gpu.count("count", 1 if gpu.names() or names_gpu(name) else 0):
        return LeftOut("no_gpu", name)
    if product.text("status", "") in _NOT_SOLD:
        return LeftOut("retired", name)
    if unit.text("unit") not in _UNITS:
        return LeftOut("other_product", name)
    memory, cpu = _MEMORY.search(name), hardware.record("cpu", {})
    return Draft(
        instance_type=name,
        region=zone,
        gpu_name=gpu.text("type") if gpu.names() else unnamed_gpu(name),
        gpu_count=gpu.count("count") if gpu.names() else 1,
        gpu_memory_gb=Decimal(memory[1]) if memory else None,
        price=_amount(product),
        currency=product.record("price").record("retail_price").text("currency_code"),
        price_unit=_UNITS[unit.text("unit")],
        vcpu_count=cpu.count("threads", None) or cpu.record("virtual", {}).count("count", None),
        ram_gb=hardware.record("ram", {}).number("size", 0) / 2**30 or None,
    )


def _amount(product: Record) -> StatedPrice:
    """The price of one unit of measure, stated in units and billionths."""
    stated = product.record("price").record("retail_price")
    amount = stated.number("units") + stated.number("nanos") / 10**9
    return amount / (product.record("unit_of_measure").count("size", 1) or 1) or None


offers = RowParser("a product in a zone", _rows, _read, _key)
