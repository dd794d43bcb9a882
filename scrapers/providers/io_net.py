"""io.net: the machines of its public IO Cloud API, no key needed.

Prices are US dollars per hour for the whole machine, before tax.  The API also lists machines without GPUs, and
some without a price.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider(
    "io-net", "io.net", pricing_url="https://io.net/pricing", source_class="marketplace_api", minimum_offers=1
)
SOURCE = Json("https://api.io.solutions/v1/io-cloud/vmaas/hardware")

_SOLD_OUT: Mapping[bool | None, Availability] = {True: "sold_out", False: "available"}


def offers(answer: Any) -> Iterator[Offer]:
    """Each machine with GPUs and a price, in its country."""
    for machine in answer["data"]["hardware"]:
        price = money(machine["price"])
        if machine["num_cards"] and price:
            yield Offer(
                instance_type=machine.get("deploy_id") or machine["id"],
                gpu_name=_gpu(machine),
                gpu_count=machine["num_cards"],
                gpu_memory_gb=machine.get("vram_per_card") or None,
                region=machine.get("location") or "",
                price=price,
                currency="USD",
                price_unit="instance_hour",
                availability=_SOLD_OUT.get(machine.get("sold_out")),
                vcpu_count=machine.get("vcpu") or None,
                ram_gb=machine.get("memory") or None,
                storage_gb=machine.get("storage"),
                has_nvlink=machine.get("nvlink"),
            )


def _gpu(machine: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (machine["name"], machine.get("interconnect"))))
