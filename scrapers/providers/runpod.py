"""RunPod: public GraphQL API; prices need no key.

Prices are US dollars per GPU-hour before tax, with a share of CPU and RAM; disk is extra.  A GPU is rented out in two
tiers with prices of their own: the secure cloud (data centres) and the community cloud (vetted hosts); a tier in
which none can be rented (at most 0 GPUs) states a price all the same.  MIG slices, which the API lists like GPUs,
become shares of their whole card.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Draft, Provider, StatedPrice
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, lookup
from scrapers.sources import Graphql

PROVIDER = Provider(
    "runpod",
    "RunPod",
    pricing_url="https://www.runpod.io/pricing",
    source_class="marketplace_api",
    minimum_offers=20,
    must_have=("h100-sxm",),
)
SOURCE = Graphql(
    "https://api.runpod.io/graphql",
    query="{gpuTypes{id displayName memoryInGb securePrice communityPrice secureSpotPrice communitySpotPrice "
    "maxGpuCountSecureCloud maxGpuCountCommunityCloud "
    "secure:lowestPrice(input:{gpuCount:1,secureCloud:true}){stockStatus} "
    "community:lowestPrice(input:{gpuCount:1,secureCloud:false}){stockStatus}}}",
)

_SLICE = re.compile(r"(?P<card>.+) MIG \d+g\.\d+gb", re.IGNORECASE)
_TIERS = ("secure", "community")

_Row = tuple[Record, str, Mapping[str, Decimal | None]]


def _rows(data: Any) -> Iterator[_Row]:
    gpus = record(data).records("gpuTypes")
    memory = lookup(gpus, lambda gpu: (gpu.text("id"), gpu.number("memoryInGb", None)))
    return ((gpu, tier, memory) for gpu in gpus for tier in _TIERS)


def _key(row: _Row) -> tuple[str, str]:
    gpu, tier, _ = row
    return f"{tier}/1x {gpu.text('displayName').lower()}", ""


def _read(row: _Row) -> Draft | LeftOut:
    gpu, tier, memory = row
    name, (card, share) = _key(row)[0], _card(gpu, memory)
    most = gpu.count(f"maxGpuCount{tier.title()}Cloud", None)
    price, spot = _price(gpu, f"{tier}Price"), gpu.price(f"{tier}SpotPrice", None)
    if most == 0 or (price is None and spot is None):
        return LeftOut("not_let", name)
    return Draft(
        instance_type=name,
        gpu_name=card,
        gpu_count=1,
        gpu_share=share,
        gpu_memory_gb=(gpu.number("memoryInGb", None) if share == 1 else memory.get(card)) or None,
        price=price,
        price_spot=spot,
        currency="USD",
        price_unit="instance_hour" if share < 1 else "gpu_hour",
        availability=_availability(gpu, tier),
        price_includes={"tier": tier},
    )


def _price(gpu: Record, name: str) -> StatedPrice:
    """The tier's price; None where the answer has null."""
    return None if gpu.is_null(name) else gpu.price(name)


def _card(gpu: Record, memory: Mapping[str, Decimal | None]) -> tuple[str, Decimal]:
    """The whole card's id and the share of it; a slice of a card that isn't listed keeps its own name."""
    part = _SLICE.fullmatch(gpu.text("id"))
    whole = memory.get(part["card"]) if part else None
    if part is None or not whole:
        return gpu.text("id"), Decimal(1)
    return part["card"], gpu.number("memoryInGb") / whole


def _availability(gpu: Record, tier: str) -> Availability | None:
    """A tier without a status is sold out."""
    if tier not in gpu:
        return None
    return gpu.record(tier).availability("stockStatus") if "stockStatus" in gpu.record(tier) else "sold_out"


offers = RowParser("a GPU in one of the two tiers", _rows, _read, _key)
