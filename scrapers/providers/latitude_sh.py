"""Latitude.sh: the servers with GPUs of its price page, read from the page's Next.js data.

Prices are USD per server, hour and month before tax, by country; a year is billed in advance and left out, as is the
price list in reais.  A country without prices or with zeros doesn't have the server.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.flight import values_of
from scrapers.offer import Availability, Offer, Provider
from scrapers.rows import ByRow, LeftOut, Record, each, record
from scrapers.sources import Flight

PROVIDER = Provider(
    "latitude-sh",
    "Latitude.sh",
    pricing_url="https://www.latitude.sh/pricing",
    source_class="price_page",
    minimum_offers=2,
)
SOURCE = Flight("https://www.latitude.sh/pricing")

STOCK: dict[str, Availability] = {
    "unavailable": "sold_out",
    "low": "limited",
    "medium": "available",
    "high": "available",
}


_Row = tuple[Record, Record]


def _rows(page: Any) -> Iterator[Any]:
    """Each server in each country.  Raises ValueError without a list of servers."""
    plans = next(values_of(page, "plansData"), None)
    if not plans:
        raise ValueError("no 'plansData' in the page's data")
    return each(record(plans).records("servers"), _regions)


def _regions(plan: Record) -> list[_Row]:
    server = plan.record("attributes")
    return [(server, region) for region in server.records("regions")]


def _key(row: _Row) -> tuple[str, str]:
    server, region = row
    return server.text("slug"), region.text("name")


def _read(row: _Row) -> Offer | LeftOut:
    """A server in a country; one without prices or with zeros is not let there."""
    server, region = row
    name, place = _key(row)
    specs, prices = server.record("specs"), region.record("pricing").record("USD", {})
    if specs.is_null("gpu") or specs.raw("gpu") == {}:
        return LeftOut("no_gpu", name)
    hour, month = prices.price("hour", None), prices.price("month", None)
    if hour is None and month is None:
        return LeftOut("no_such_machine", name)
    gpu = specs.record("gpu")
    return Offer(
        instance_type=name,
        instance_name=server.text("name", None),
        gpu_name=gpu.text("type"),
        gpu_count=gpu.count("count"),
        gpu_memory_gb=gpu.number("vram_per_gpu", None),
        region=place,
        price=hour,
        price_month=month,
        availability=STOCK.get(region.text("stock_level", "")),
        ram_gb=specs.record("memory", {}).number("total", None),
        currency="USD",
        price_unit="instance_hour",
    )


offers = ByRow("a server in a country", _rows, _read, _key)
