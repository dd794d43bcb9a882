"""Mithril: the instance types and the auction of its API, with a key (sent as a bearer token).

Machines are rented out by auction, as spot only, at prices in US dollars per hour for the whole instance.  An auction's
region states its last price, as text; one without is left out.  The lowest bid that the API accepts is not a price: a
bid so low waits until nobody bids more (https://mithril.ai/blog/mithril-now-on-skypilot).
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record, records
from scrapers.row_parser import LeftOut, RowParser, lookup, split_each
from scrapers.sources import Json, Several

PROVIDER = Provider(
    "mithril",
    "Mithril",
    pricing_url="https://mithril.ai/pricing",
    source_class="marketplace_api",
    needs_key=True,
    minimum_offers=0,
)
_API = "https://api.mithril.ai/v2"
_KEY = {"Authorization": "Bearer {key}"}
SOURCE = Several({"types": Json(f"{_API}/instance-types", _KEY), "spot": Json(f"{_API}/spot/availability", _KEY)})

_Row = tuple[Record, Record]


def _rows(document: Any) -> Iterator[Any]:
    kinds = lookup(records(document["types"]), lambda kind: (kind.text("fid"), kind))
    auctions = record(document).records("spot")
    return split_each(auctions, lambda auction: [(auction, kinds.get(auction.text("instance_type"), Record(None)))])


def _key(row: _Row) -> tuple[str, str]:
    auction, kind = row
    return kind.text("name"), auction.text("region")


def _read(row: _Row) -> Draft | LeftOut:
    auction, kind = row
    name, region = _key(row)
    if not kind.count("num_gpus"):
        return LeftOut("no_gpu", name)
    last = auction.price("last_instance_price", None)
    if last is None:
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=f"{kind.text('gpu_type')} {'sxm' if '.sxm.' in name else ''}".strip(),
        gpu_count=kind.count("num_gpus"),
        gpu_memory_gb=kind.number("gpu_memory_gb", None),
        region=region,
        price_spot=last,
        currency="USD",
        price_unit="instance_hour",
        availability=auction.availability("capacity"),
        vcpu_count=kind.count("num_cpus", None),
        ram_gb=kind.number("ram_gb", None),
    )


offers = RowParser("an instance type in a region of its auction", _rows, _read, _key)
