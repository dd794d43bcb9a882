"""RunPod: public GraphQL API; prices need no key.

Prices are US dollars per GPU-hour before tax, with a share of CPU and RAM; disk is extra.  A GPU is let in two
tiers with prices of their own: the secure cloud (data centres) and the community cloud (vetted hosts).  MIG
slices, which the API lists like GPUs, become shares of their whole card.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import money
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
    "secure:lowestPrice(input:{gpuCount:1,secureCloud:true}){stockStatus} "
    "community:lowestPrice(input:{gpuCount:1,secureCloud:false}){stockStatus}}}",
)

_SLICE = re.compile(r"(?P<card>.+) MIG \d+g\.\d+gb", re.IGNORECASE)
_STOCK: Mapping[str | None, Availability] = {
    "High": "available",
    "Medium": "available",
    "Low": "limited",
    None: "sold_out",
}


def offers(data: Any) -> Iterator[Offer]:
    """Two offers of each GPU, as far as it is let in the tier."""
    memory = {gpu["id"]: gpu["memoryInGb"] for gpu in data["gpuTypes"]}
    for gpu in data["gpuTypes"]:
        card, share = _card(gpu, memory)
        for tier in ("secure", "community"):
            price, spot = money(gpu.get(f"{tier}Price")), money(gpu.get(f"{tier}SpotPrice"))
            if price or spot:
                yield Offer(
                    instance_type=f"{tier}/1x {gpu['displayName'].lower()}",
                    gpu_name=card,
                    gpu_share=share,
                    gpu_memory_gb=memory[card] or None,
                    price=price,
                    price_spot=spot,
                    currency="USD",
                    price_unit="instance_hour" if share < 1 else "gpu_hour",
                    availability=_stock(gpu.get(tier)),
                    price_includes={"tier": tier},
                )


def _card(gpu: Mapping[str, Any], memory: Mapping[str, int]) -> tuple[str, Decimal]:
    """The whole card's id and the share of it; a slice of a card that isn't listed keeps its own name."""
    part = _SLICE.fullmatch(gpu["id"])
    if part is None or not memory.get(part["card"]):
        return gpu["id"], Decimal(1)
    return part["card"], Decimal(gpu["memoryInGb"]) / memory[part["card"]]


def _stock(lowest: Mapping[str, Any] | None) -> Availability | None:
    return None if lowest is None else _STOCK.get(lowest["stockStatus"])
