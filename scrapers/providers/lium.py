"""Lium: the public list of its nodes, no key needed.

A node is let whole: prices are US dollars per node-hour.  Nodes come and go within the hour, so what an instance
type is here (tier, number of GPUs, model) is what one can look for again; of a country's nodes that are alike the
cheapest counts.  A node of the tier "spot" can be taken back at any time; one that is let in part can't be rented.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider("lium", "Lium", pricing_url="https://lium.io", source_class="marketplace_api", minimum_offers=5)
SOURCE = Json("https://lium.io/api/public/v1/nodes")


def offers(answer: Any) -> Iterator[Offer]:
    """Each node that is free as a whole."""
    for node in answer["nodes"]:
        price = money(node["price_per_node_hour"])
        if price and node["available_gpu_count"] >= node["gpu_count"]:
            is_spot = node.get("tier") == "spot"
            yield Offer(
                instance_type=f"{node.get('tier') or 'node'}/{node['gpu_count']}x {node['gpu_model']}",
                gpu_name=node["gpu_model"],
                gpu_count=node["gpu_count"],
                gpu_memory_gb=node.get("gpu_memory_gb"),
                region=node.get("country_code") or "",
                price=None if is_spot else price,
                price_spot=price if is_spot else None,
                currency="USD",
                price_unit="instance_hour",
                availability="available",
                vcpu_count=node.get("cpu_count"),
                ram_gb=node.get("ram_gb"),
            )
