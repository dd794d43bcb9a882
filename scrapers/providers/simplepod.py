"""SimplePod: the market of its API, with a key (any account's; sent as X-AUTH-TOKEN).

Prices are US dollars per GPU-hour before tax.  Only hosts with one GPU are read: with more, public clients disagree
whether "pricePerGpu" is for one GPU or for the machine.  Hosts come and go, so an instance type is the model; of equal
hosts in a country the cheapest counts.  Memory is in MB.
"""

from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
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


def _key(host: Record) -> tuple[str, str]:
    rig = host.record("rig", {})
    return f"1x {host.text('gpuModel')}", "-".join(filter(None, (rig.text("region", ""), rig.text("country", ""))))


def _read(host: Record) -> Draft | LeftOut:
    name, region = _key(host)
    if host.count("gpuCount") != 1:
        return LeftOut("unit_not_clear", name)
    return Draft(
        instance_type=name,
        gpu_name=host.text("gpuModel"),
        gpu_count=1,
        gpu_memory_gb=host.number("gpuMemorySize", 0) / 1024 or None,
        region=region,
        price=host.price("pricePerGpu"),
        currency="USD",
        price_unit="gpu_hour",
        vcpu_count=host.count("cpuCoreCount", None) or None,
        ram_gb=host.number("systemMemory", 0) / 1024 or None,
    )


offers = RowParser("a host", records, _read, _key)
