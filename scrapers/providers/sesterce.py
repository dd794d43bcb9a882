"""Sesterce: the offers of its console's open page, read from the page's Next.js data.

Prices are USD per instance-hour before tax, vCPUs, RAM and disk included.  Sesterce resells other clouds under names of
its own ("AZ_22"), so that one instance type may be offered by several; a spot price of 0 means that there is none.  The
"from" prices of its home page differ.
"""

from collections.abc import Iterable

from scrapers.nextjs_data import Rows, values_of
from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import NextJsData
from scrapers.upstreams import upstream

PROVIDER = Provider(
    "sesterce",
    "Sesterce",
    pricing_url="https://cloud.sesterce.com/compute",
    source_class="price_page",
    minimum_offers=5,
    must_have=("h200-sxm",),
)
SOURCE = NextJsData("https://cloud.sesterce.com/compute")


def _rows(page: Rows) -> Iterable[Record]:
    """The offers.  Raises ValueError where the page has no list of them."""
    listed = next(values_of(list(page.values()), "filteredOffers"), None)
    if not listed:
        raise ValueError("no offers (filteredOffers) in the page's data")
    return records(listed)


def _key(offer: Record) -> tuple[str, str]:
    cloud = offer.record("cloud").text("name")
    return " ".join((cloud, offer.text("deploymentType"), offer.text("instanceId"))), ""


def _read(offer: Record) -> Draft | LeftOut:
    name, machine, gpus = _key(offer)[0], offer.record("configuration"), offer.count("gpuCount")
    if not gpus:
        return LeftOut("no_gpu", name)
    regions = [place.text("name") for place in offer.records("availability") if place.flag("available")]
    return Draft(
        instance_type=name,
        gpu_name=f"{offer.text('gpuName')} {machine.text('interconnect', '')}",
        gpu_count=gpus,
        gpu_memory_gb=machine.memory_gb("vRamGB", 0) / gpus or None,
        available_regions=tuple(dict.fromkeys(regions)),
        upstream=upstream(PROVIDER.slug, offer.record("cloud").text("name")),
        price=offer.price("hourlyPrice"),
        price_spot=offer.price("hourlySpotPrice", None) if offer.flag("spotOfferAvailable", True) else None,
        availability="available" if regions else "sold_out",
        vcpu_count=machine.count("vCpu", None),
        ram_gb=machine.number("ramGB", None),
        storage_gb=machine.count("storageGB", None),
        has_nvlink=offer.flag("nvlink", None),
        currency="USD",
        price_unit="instance_hour",
    )


offers = RowParser("an offer of the list", _rows, _read, _key)
