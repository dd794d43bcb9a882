"""Lium: the public list of its nodes, no key needed.

A node is rented as a whole: prices are US dollars per node-hour.  Nodes come and go within the hour, so an instance
type is made of what stays (tier, number of GPUs, model); of equal nodes in a country the cheapest counts.  A node of
the tier "spot" can be taken back at any time; one that is rented in part can't be rented.
"""

from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider("lium", "Lium", pricing_url="https://lium.io", source_class="marketplace_api", minimum_offers=5)
SOURCE = Json("https://lium.io/api/public/v1/nodes")


def _rows(answer: Any) -> list[Record]:
    return record(answer).records("nodes")


def _key(node: Record) -> tuple[str, str]:
    name = f"{node.text('tier', 'node')}/{node.count('gpu_count')}x {node.text('gpu_model')}"
    return name, node.text("country_code", "")


def _read(node: Record) -> Draft | LeftOut:
    name, country = _key(node)
    if node.count("available_gpu_count") < node.count("gpu_count"):
        return LeftOut("let_already", name)
    price = node.price("price_per_node_hour")
    if price is None:
        return LeftOut("no_price", name)
    is_spot = node.text("tier", "") == "spot"
    return Draft(
        instance_type=name,
        gpu_name=node.text("gpu_model"),
        gpu_count=node.count("gpu_count"),
        gpu_memory_gb=node.number("gpu_memory_gb", None),
        region=country,
        price=None if is_spot else price,
        price_spot=price if is_spot else None,
        currency="USD",
        price_unit="instance_hour",
        availability="available",
        vcpu_count=node.count("cpu_count", None),
        ram_gb=node.number("ram_gb", None),
    )


offers = RowParser("a node", _rows, _read, _key)
