"""Voltage Park: the open list of locations behind its dashboard, no key needed.

Prices are USD per GPU-hour before tax, for bare-metal nodes rented as a whole: one for Ethernet, one for InfiniBand.
Without an account, the count of free GPUs is always 0, so availability is not stated.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider("voltage-park", "Voltage Park", pricing_url="https://www.voltagepark.com/pricing")
SOURCE = Json("https://cloud-api.voltagepark.com/api/v1/bare-metal/locations")

NETWORKS = ("ethernet", "infiniband")


_Row = tuple[Record, str]


def _rows(answer: Any) -> Iterator[_Row]:
    """The locations' machines.  Raises ValueError where the answer has further pages."""
    if record(answer).flag("has_next", False):
        raise ValueError("the list of locations has a second page")
    return ((location, network) for location in record(answer).records("results") for network in NETWORKS)


def _key(row: _Row) -> tuple[str, str]:
    location, network = row
    return f"{location.record('specs_per_node').text('gpu_model')} {network}", ""


def _read(row: _Row) -> Draft | LeftOut:
    location, network = row
    name, node = _key(row)[0], location.record("specs_per_node")
    if location.is_null(f"gpu_price_{network}"):
        return LeftOut("not_let", name)
    return Draft(
        instance_type=name,
        gpu_name=node.text("gpu_model"),
        gpu_count=node.count("gpu_count", None),
        price=location.price(f"gpu_price_{network}"),
        availability="available" if location.count(f"gpu_count_{network}", 0) else None,
        has_infiniband=network == "infiniband",
        currency="USD",
        price_unit="gpu_hour",
        raw=location.mapping(),
    )


offers = RowParser("a location's machines on one of its networks", _rows, _read, _key)
