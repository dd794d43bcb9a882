"""Voltage Park: the open list of locations behind its dashboard, no key needed.

Prices are USD per GPU-hour before tax, one for machines on Ethernet, one for those on InfiniBand.  The count of free
GPUs is 0 for a visitor without an account: not stated.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider("voltage-park", "Voltage Park", pricing_url="https://www.voltagepark.com/pricing")
SOURCE = Json("https://cloud-api.voltagepark.com/api/v1/bare-metal/locations")

NETWORKS = ("ethernet", "infiniband")


def offers(answer: Any) -> Iterator[Offer]:
    """Each location's GPU on each network with a price.  Raises ValueError where the answer has further pages."""
    if answer.get("has_next"):
        raise ValueError("the list of locations has a second page")
    for location in answer["results"]:
        gpu = location["specs_per_node"]["gpu_model"]
        for network in NETWORKS:
            price = money(location.get(f"gpu_price_{network}"))
            if price:
                yield Offer(
                    instance_type=f"{gpu} {network}",
                    gpu_name=gpu,
                    price=price,
                    availability="available" if location.get(f"gpu_count_{network}") else None,
                    has_infiniband=network == "infiniband",
                    currency="USD",
                    price_unit="gpu_hour",
                    raw=location,
                )
