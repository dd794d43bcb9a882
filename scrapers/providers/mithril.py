"""Mithril: the instance types and the auction of its API, with a key (sent as a bearer token).

Machines are let by auction, as spot only, at prices for the whole instance and hour in US dollars.  An auction's
region states its last price, as text; where it doesn't, what is known is the lowest bid that the API takes, in
cents: a floor, not what a machine will cost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import cents, money
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
        floors = {
            kind["fid"]: await Json(f"{_API}/pricing/current?instance_type={kind['fid']}", self.headers).document(fetch)
            for kind in types
            if kind["num_gpus"]
        }
        return {"types": types, "spot": spot, "floors": floors}


SOURCE = Auction({"Authorization": "Bearer {key}"})


def offers(document: Any) -> Iterator[Offer]:
    """Each instance type with GPUs in each region of its auction."""
    kinds = {kind["fid"]: kind for kind in document["types"]}
    for row in document["spot"]:
        floor = document["floors"].get(row["instance_type"])
        if floor:
            yield _offer(kinds[row["instance_type"]], row, cents(floor["minimum_price_cents"]))


def _offer(kind: Mapping[str, Any], row: Mapping[str, Any], floor: Decimal | None) -> Offer:
    last = money(row.get("last_instance_price"))
    return Offer(
        instance_type=kind["name"],
        gpu_name=f"{kind['gpu_type']} {'sxm' if '.sxm.' in kind['name'] else ''}".strip(),
        gpu_count=kind["num_gpus"],
        gpu_memory_gb=kind.get("gpu_memory_gb"),
        region=row["region"],
        price_spot=last or floor,
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=kind.get("num_cpus"),
        ram_gb=kind.get("ram_gb"),
        price_includes={"statistic": "last price" if last else "bid floor"},
    )
