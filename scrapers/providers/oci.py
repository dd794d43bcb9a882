"""Oracle Cloud Infrastructure: the public files of its cost estimator, no key needed.

Prices are US dollars per GPU-hour before tax, the same in all commercial regions; a machine ("shape") states its
number of GPUs and the product as which they are billed.  A shape that may be preemptible then costs half
(https://docs.oracle.com/iaas/Content/Compute/Concepts/preemptible.htm, as of August 2026).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from scrapers.offer import Draft, Key, OddPrice, Provider, StatedPrice, Unreadable
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, split_each, unnamed_gpu
from scrapers.sources import Json, Several

PROVIDER = Provider(
    "oci",
    "Oracle Cloud Infrastructure",
    pricing_url="https://www.oracle.com/cloud/price-list/",
    minimum_offers=5,
    must_have=("h100-sxm",),
)
SOURCE = Several(
    {
        "products": Json("https://apexapps.oracle.com/pls/apex/cetools/api/v1/products/?currencyCode=USD"),
        "shapes": Json("https://www.oracle.com/a/ocom/docs/cloudestimator2/data/shapes.json"),
    }
)

_GPU = re.compile(r"\.GPU\.?([A-Za-z]*\d+[A-Za-z]?|RTXPRO)")
# Shapes of the first years are numbered; the later bare-metal ones are HGX boards, whose GPUs are SXM modules:
# https://docs.oracle.com/iaas/Content/Compute/References/computeshapes.htm, as of August 2026.
_FORMS = {"2": "P100", "3": "Tesla V100-SXM2-16GB", "4": "A100 40GB SXM"}
_FORMS |= {"A100": "A100 80GB SXM", "H100": "H100 80GB SXM", "H200": "H200 SXM"}
_FORMS |= {"RTXPRO": "NVIDIA RTX PRO 6000 Blackwell Server Edition"}

_Prices = Mapping[str, Decimal | OddPrice]


class _Row(NamedTuple):
    """A shape, and the price list by part number: US dollars per GPU-hour, or why a price can't be read."""

    shape: Record
    prices: _Prices


def _rows(document: Any) -> Iterator[Any]:
    """The shapes, and the products of the price list that have no part number."""
    listed = list(split_each(record(document["products"]).records("items"), _priced))
    prices = dict(one for one in listed if isinstance(one, tuple))
    yield from (one for one in listed if not isinstance(one, tuple))
    yield from (_Row(shape, prices) for shape in record(document["shapes"]).records("items"))


def _priced(product: Record) -> Iterator[tuple[str, Decimal | OddPrice]]:
    """The part number with its price; nothing for a product that is not billed per GPU-hour."""
    part = product.text("partNumber")
    try:
        amount: StatedPrice = _pay_as_you_go(product)
    except Unreadable as error:
        amount = OddPrice(str(error))
    if amount is not None:
        yield part, amount


def _pay_as_you_go(product: Record) -> Decimal | None:
    if product.text("metricName") != "GPU Per Hour":
        return None
    for localization in product.records("currencyCodeLocalizations"):
        if localization.text("currencyCode") == "USD":
            for price in localization.records("prices"):
                if price.text("model") == "PAY_AS_YOU_GO":
                    return price.money("value")
    return None


def _key(row: _Row) -> Key:
    return row.shape.text("name"), ""


def _read(row: _Row) -> Draft | LeftOut:
    shape = row.shape
    name = shape.text("name")
    found = _GPU.search(name)
    if not (shape.count("gpuQty") if found else shape.count("gpuQty", 0)):
        return LeftOut("no_gpu", name)
    if shape.text("status") != "ACTIVE" or shape.flag("hidden", False):
        return LeftOut("retired", name)
    parts = [product.text("partNumber") for product in shape.records("products")]
    price = next((row.prices[part] for part in parts if part in row.prices), None)
    if price is None:
        return LeftOut("no_price", name)
    return _draft(shape, _FORMS.get(found[1], found[1]) if found else unnamed_gpu(name), price)


def _draft(shape: Record, gpu: str, price: Decimal | OddPrice) -> Draft:
    gpus, memory = shape.count("gpuQty"), shape.number("gpuMemoryQty", None)
    return Draft(
        instance_type=shape.text("name"),
        gpu_name=gpu,
        gpu_count=gpus,
        gpu_memory_gb=memory / gpus if memory else None,
        price=price,
        price_spot=price / 2 if isinstance(price, Decimal) and shape.flag("allowPreemptible", False) else None,
        currency="USD",
        price_unit="gpu_hour",
        ram_gb=shape.number("bundleMemoryQty", None),
    )


offers = RowParser("a shape", _rows, _read, _key)
