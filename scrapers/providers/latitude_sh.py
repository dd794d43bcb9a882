"""Latitude.sh: the servers with GPUs of its price page, read from the page's Next.js data.

Prices are USD per server, hour and month before tax, by country.  Prices per year, paid in advance, are left out, and
so is the price list in reais.  A country without prices or with zeros doesn't have the server.
"""

from collections.abc import Iterator
from typing import Any

from scrapers.nextjs_data import values_of
from scrapers.offer import Draft, Provider
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, split_each, unnamed_gpu
from scrapers.sources import NextJsData

PROVIDER = Provider(
    "latitude-sh",
    "Latitude.sh",
    pricing_url="https://www.latitude.sh/pricing",
    source_class="price_page",
    minimum_offers=2,
)
SOURCE = NextJsData("https://www.latitude.sh/pricing")

_Row = tuple[Record, Record | None]
"""A server in a country; None for a server without countries."""


def _rows(page: Any) -> Iterator[Any]:
    """Each server in each country.  Raises ValueError without a list of servers."""
    plans = next(values_of(page, "plansData"), None)
    if not plans:
        raise ValueError("no 'plansData' in the page's data")
    return split_each(record(plans).records("servers"), _regions)


def _regions(plan: Record) -> list[_Row]:
    server = plan.record("attributes")
    return [(server, region) for region in server.records("regions") or (None,)]


def _key(row: _Row) -> tuple[str, str]:
    server, region = row
    return server.text("slug"), region.text("name") if region else ""


def _read(row: _Row) -> Draft | LeftOut:
    """A server in a country; without prices or with zeros, it is not rented out there."""
    server, region = row
    name, place = _key(row)
    specs = server.record("specs")
    stated = not specs.is_null("gpu") and bool(specs.record("gpu").names())
    if not stated and not names_gpu(name):
        return LeftOut("no_gpu", name)
    if region is None:
        return LeftOut("no_such_machine", name)
    prices = region.record("pricing").record("USD", {})
    hour, month = prices.price("hour", None), prices.price("month", None)
    if hour is None and month is None:
        return LeftOut("no_such_machine", name)
    gpu = specs.record("gpu", {})
    return Draft(
        instance_type=name,
        instance_name=server.text("name", None),
        gpu_name=gpu.text("type") if stated else unnamed_gpu(name),
        gpu_count=gpu.count("count") if stated else 1,
        gpu_memory_gb=gpu.number("vram_per_gpu", None),
        region=place,
        price=hour,
        price_month=month,
        availability=region.availability("stock_level"),
        ram_gb=specs.record("memory", {}).number("total", None),
        currency="USD",
        price_unit="instance_hour",
    )


offers = RowParser("a server in a country", _rows, _read, _key)
