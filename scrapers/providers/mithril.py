"""Mithril: the instance types and the auction of its API, with a key (sent as a bearer token).

Machines are let by auction, as spot only, at prices for the whole instance and hour in US dollars.  An auction's
region states its last price, as text; where it doesn't, what is known is the lowest bid that the API takes, in
cents: a floor, not what a machine will cost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.rows import ByRow, LeftOut, Record, records
from scrapers.sources import Fetch, Json

PROVIDER = Provider(
    "mithril",
    "Mithril",
    pricing_url="https://mithril.ai/pricing",
    source_class="marketplace_api",
    needs_key=True,
    minimum_offers=2,
)
_API = "https://api.mithril.ai/v2"


@dataclass(frozen=True, slots=True)
class Auction:
    """The instance types, the auction's regions, and the floor of each type, which is asked for one by one."""

    headers: Mapping[str, str]

    async def document(self, fetch: Fetch) -> dict[str, Any]:
        """The three decoded answers; the floors by the type's id."""
        types = await Json(f"{_API}/instance-types", self.headers).document(fetch)
        spot = await Json(f"{_API}/spot/availability", self.headers).document(fetch)
        rented = [kind.text("fid") for kind in records(types) if "fid" in kind and kind.raw("num_gpus", 1)]
        asked = {fid: Json(f"{_API}/pricing/current?instance_type={fid}", self.headers) for fid in rented}
        floors = {fid: await one.document(fetch) for fid, one in asked.items()}
        return {"types": types, "spot": spot, "floors": floors}


SOURCE = Auction({"Authorization": "Bearer {key}"})


_Row = tuple[Record, Record, Record]


def _rows(document: Any) -> Iterator[Any]:
    kinds = {kind.text("fid", ""): kind for kind in records(document["types"]) if "fid" in kind}
    for row in records(document["spot"]):
        fid = row.text("instance_type", "")
        yield row, kinds.get(fid, Record(None)), Record(document["floors"].get(fid, {}))


def _key(row: _Row) -> tuple[str, str]:
    auction, kind, _ = row
    return kind.text("name"), auction.text("region")


def _read(row: _Row) -> Offer | LeftOut:
    auction, kind, floor = row
    name, region = _key(row)
    if not kind.count("num_gpus"):
        return LeftOut("no_gpu", name)
    last = auction.price("last_instance_price", None)
    return Offer(
        instance_type=name,
        gpu_name=f"{kind.text('gpu_type')} {'sxm' if '.sxm.' in name else ''}".strip(),
        gpu_count=kind.count("num_gpus"),
        gpu_memory_gb=kind.number("gpu_memory_gb", None),
        region=region,
        price_spot=last or floor.price("minimum_price_cents", per=100),
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=kind.count("num_cpus", None),
        ram_gb=kind.number("ram_gb", None),
        price_includes={"statistic": "last price" if last else "bid floor"},
    )


offers = ByRow("an instance type in a region of its auction", _rows, _read, _key)
