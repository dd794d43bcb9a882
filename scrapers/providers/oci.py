"""Oracle Cloud Infrastructure: the public files of its cost estimator, no key needed.

Prices are US dollars per GPU-hour before tax, the same in all commercial regions; a machine ("shape") has some
number of GPUs and names the product they are billed as.  Where a shape may be preemptible it costs half
(https://docs.oracle.com/iaas/Content/Compute/Concepts/preemptible.htm, as of August 2026).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
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

_GPU = re.compile(r"\.GPU\.?([A-Za-z]*\d+[A-Za-z]?)")
# Shapes of the first years are numbered; the later bare-metal ones are HGX boards, whose GPUs are SXM modules:
# https://docs.oracle.com/iaas/Content/Compute/References/computeshapes.htm, as of August 2026.
_FORMS = {"2": "P100", "3": "Tesla V100-SXM2-16GB", "4": "A100 40GB SXM"}
_FORMS |= {"A100": "A100 80GB SXM", "H100": "H100 80GB SXM", "H200": "H200 SXM"}


def offers(document: Any) -> Iterator[Offer]:
    """One offer of each active shape with GPUs that has a price."""
    prices = dict(_gpu_prices(document["products"]))
    for shape in document["shapes"]["items"]:
        name = _GPU.search(shape["name"])
        price = next((prices[p["partNumber"]] for p in shape["products"] if p["partNumber"] in prices), None)
        if name and price and shape.get("gpuQty") and shape["status"] == "ACTIVE" and not shape.get("hidden"):
            yield _offer(shape, _FORMS.get(name[1], name[1]), price)


def _gpu_prices(products: Any) -> Iterator[tuple[str, Decimal]]:
    """Part number and pay-as-you-go price, of what is billed per GPU and hour."""
    for product in products["items"]:
        if product["metricName"] == "GPU Per Hour":
            for localization in product["currencyCodeLocalizations"]:
                for price in localization["prices"]:
                    amount = money(price["value"])
                    if price["model"] == "PAY_AS_YOU_GO" and localization["currencyCode"] == "USD" and amount:
                        yield product["partNumber"], amount


def _offer(shape: Mapping[str, Any], gpu: str, price: Decimal) -> Offer:
    gpus, memory = shape["gpuQty"], shape.get("gpuMemoryQty")
    return Offer(
        instance_type=shape["name"],
        gpu_name=gpu,
        gpu_count=gpus,
        gpu_memory_gb=Decimal(memory) / gpus if memory else None,
        price=price,
        price_spot=price / 2 if shape.get("allowPreemptible") else None,
        currency="USD",
        price_unit="gpu_hour",
        ram_gb=shape.get("bundleMemoryQty"),
    )
