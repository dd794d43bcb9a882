"""Sesterce: the offers of its console's open page, read from the page's Next.js data.

Prices are USD per instance-hour before tax, vCPUs, RAM and disk included.  Sesterce resells other clouds under names of
its own ("AZ_22"), so that one instance type may be offered by several; a spot price of 0 means that there is none.  The
prices from which its home page starts are others.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.flight import Rows, values_of
from scrapers.offer import Offer, Provider
from scrapers.parse import memory_gb, money
from scrapers.sources import Flight

PROVIDER = Provider(
    "sesterce",
    "Sesterce",
    pricing_url="https://cloud.sesterce.com/compute",
    source_class="price_page",
    minimum_offers=5,
    must_have=("h200-sxm",),
)
SOURCE = Flight("https://cloud.sesterce.com/compute")


def offers(page: Rows) -> Iterator[Offer]:
    """Each offer with a GPU, for all of its regions.  Raises ValueError where the page carries no list of offers."""
    listed = next(values_of(list(page.values()), "filteredOffers"), None)
    if not listed:
        raise ValueError("no offers (filteredOffers) in the page's data")
    for offer in listed:
        if offer["gpuCount"]:
            yield _offer(offer)


def _offer(offer: Any) -> Offer:
    machine = offer["configuration"]
    regions = tuple(dict.fromkeys(place["name"] for place in offer["availability"] if place["available"]))
    return Offer(
        instance_type=" ".join((offer["cloud"]["name"], offer["deploymentType"], offer["instanceId"])),
        gpu_name=f"{offer['gpuName']} {machine.get('interconnect') or ''}",
        gpu_count=offer["gpuCount"],
        gpu_memory_gb=(memory_gb(machine.get("vRamGB")) or 0) / offer["gpuCount"] or None,
        available_regions=regions,
        price=money(offer["hourlyPrice"]),
        price_spot=money(offer.get("hourlySpotPrice")),
        availability="available" if regions else "sold_out",
        vcpu_count=machine.get("vCpu"),
        ram_gb=machine.get("ramGB"),
        storage_gb=machine.get("storageGB"),
        has_nvlink=offer.get("nvlink"),
        currency="USD",
        price_unit="instance_hour",
    )
