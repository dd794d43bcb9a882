"""Novita AI: the GPU products of its API, with a key.

Prices are in 1/100,000 USD per GPU-hour before tax and include the GPU's share of processor and memory; a spot price
of 0 means that there is none.
"""

from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import RowParser
from scrapers.sources import Json

PROVIDER = Provider("novita", "Novita AI", pricing_url="https://novita.ai/pricing", needs_key=True, minimum_offers=5)
SOURCE = Json("https://api.novita.ai/gpu-instance/openapi/v1/products", headers={"Authorization": "Bearer {key}"})


_PER_DOLLAR = 100_000


def _rows(answer: Any) -> list[Record]:
    return record(answer).records("data")


def _key(product: Record) -> tuple[str, str]:
    return product.text("id", None) or product.text("name"), ""


def _read(product: Record) -> Draft:
    regions = product.texts("regions", ())
    return Draft(
        instance_type=_key(product)[0],
        instance_name=product.text("name"),
        gpu_name=product.text("name"),
        available_regions=regions,
        price=product.price("price", per=_PER_DOLLAR),
        price_spot=product.price("spotPrice", None, per=_PER_DOLLAR),
        availability=product.availability("availableDeploy") if regions or "regions" not in product else "sold_out",
        vcpu_count=product.count("cpuPerGpu", None),
        ram_gb=product.memory_gb("memoryPerGpu", None),
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a product", _rows, _read, _key)
