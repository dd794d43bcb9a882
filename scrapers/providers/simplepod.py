"""SimplePod: the market of its API, with a key (any account's; sent as X-AUTH-TOKEN).

Prices are US dollars per GPU-hour before tax.  Only hosts with one GPU are read: of "pricePerGpu" where there are
more, public clients disagree whether it is a GPU's or the machine's.  Hosts come and go, so an instance type is the
model; of a country's hosts that are alike the cheapest counts.  Memory is in MB.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import count, money
from scrapers.sources import Json

PROVIDER = Provider(
    "simplepod",
    "SimplePod",
    pricing_url="https://simplepod.ai",
    source_class="marketplace_api",
    needs_key=True,
    minimum_offers=5,
)
SOURCE = Json(
    "https://api.simplepod.ai/instances/market/list?rentalStatus=active&itemsPerPage=1000",
    headers={"X-AUTH-TOKEN": "{key}", "Accept": "application/json"},
)


def offers(hosts: list[Mapping[str, Any]]) -> Iterator[Offer]:
    """Each host with one GPU that is to let."""
    for host in hosts:
        if count(host["gpuCount"]) == 1:
            yield Offer(
                instance_type=f"1x {host['gpuModel']}",
                gpu_name=host["gpuModel"],
                gpu_memory_gb=_gb(host.get("gpuMemorySize")),
                region=_region(host.get("rig") or {}),
                price=money(host["pricePerGpu"]),
                currency="USD",
                price_unit="gpu_hour",
                vcpu_count=int(host["cpuCoreCount"]) if host.get("cpuCoreCount") else None,
                ram_gb=_gb(host.get("systemMemory")),
            )


def _region(rig: Mapping[str, Any]) -> str:
    return "-".join(filter(None, (rig.get("region"), rig.get("country"))))


def _gb(megabytes: Any) -> Decimal | None:
    return Decimal(str(megabytes)) / 1024 if megabytes else None
