"""Novita AI: the GPU products of its API, with a key.

Prices are in 1/100,000 USD per GPU-hour before tax and hold the GPU's share of processor and memory; a spot price
of 0 means that there is none.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import count, memory_gb, money
from scrapers.sources import Json

PROVIDER = Provider("novita", "Novita AI", pricing_url="https://novita.ai/pricing", needs_key=True, minimum_offers=5)
SOURCE = Json("https://api.novita.ai/gpu-instance/openapi/v1/products", headers={"Authorization": "Bearer {key}"})


def offers(answer: Any) -> Iterator[Offer]:
    """Each product that has a price."""
    for product in answer["data"]:
        price, spot = _dollars(product.get("price")), _dollars(product.get("spotPrice"))
        if price or spot:
            available = product.get("availableDeploy")
            yield Offer(
                instance_type=product.get("id") or product["name"],
                instance_name=product["name"],
                gpu_name=product["name"],
                available_regions=tuple(product.get("regions") or ()),
                price=price,
                price_spot=spot,
                availability=None if available is None else "available" if available else "sold_out",
                vcpu_count=count(product.get("cpuPerGpu")),
                ram_gb=memory_gb(product.get("memoryPerGpu")),
                currency="USD",
                price_unit="gpu_hour",
            )


def _dollars(price: Any) -> Decimal | None:
    amount = money(price)
    return amount and amount / 100_000
