"""Latitude.sh: the servers with GPUs of its price page, read from the page's Next.js data.

Prices are USD per server, hour and month before tax, by country; a year is billed in advance and left out, as is the
price list in reais.  A country without prices or with zeros doesn't have the server.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.flight import values_of
from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import money
from scrapers.sources import Flight

PROVIDER = Provider(
    "latitude-sh",
    "Latitude.sh",
    pricing_url="https://www.latitude.sh/pricing",
    source_class="price_page",
    minimum_offers=2,
)
SOURCE = Flight("https://www.latitude.sh/pricing")

STOCK: dict[str, Availability] = {
    "unavailable": "sold_out",
    "low": "limited",
    "medium": "available",
    "high": "available",
}


def offers(page: Any) -> Iterator[Offer]:
    """Each server with a GPU in each country with a price in dollars.  Raises ValueError without a list of servers."""
    plans = next(values_of(page, "plansData"), None)
    if not plans:
        raise ValueError("no 'plansData' in the page's data")
    for plan in plans["servers"]:
        server = plan["attributes"]
        if server["specs"].get("gpu"):
            for region in server["regions"]:
                yield from _offers(server, region)


def _offers(server: Any, region: Any) -> Iterator[Offer]:
    specs, prices = server["specs"], region["pricing"].get("USD") or {}
    hour, month = money(prices.get("hour")), money(prices.get("month"))
    if hour or month:
        yield Offer(
            instance_type=server["slug"],
            instance_name=server.get("name"),
            gpu_name=specs["gpu"]["type"],
            gpu_count=specs["gpu"]["count"],
            gpu_memory_gb=specs["gpu"].get("vram_per_gpu"),
            region=region["name"],
            price=hour,
            price_month=month,
            availability=STOCK.get(region.get("stock_level", "")),
            ram_gb=(specs.get("memory") or {}).get("total"),
            currency="USD",
            price_unit="instance_hour",
        )
