"""Fluidstack: the configurations of its API, with a key (sent as api-key).

Prices are US dollars per GPU-hour before tax, as text, the same for every number of GPUs in which a configuration
comes.  The GPU's type states its form factor and memory ("H100_SXM5_80GB").
"""

from collections.abc import Iterator
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.parse import count
from scrapers.records import Record, records
from scrapers.row_parser import RowParser, split_each
from scrapers.sources import Json

PROVIDER = Provider(
    "fluidstack",
    "Fluidstack",
    pricing_url="https://www.fluidstack.io/pricing",
    needs_key=True,
    minimum_offers=1,
)
SOURCE = Json("https://platform.fluidstack.io/list_available_configurations", headers={"api-key": "{key}"})


_Row = tuple[Record, str]
"""A configuration and one of its numbers of GPUs; "" where the answer states none."""


def _rows(configurations: Any) -> Iterator[Any]:
    return split_each(records(configurations), _sizes)


def _sizes(configuration: Record) -> list[_Row]:
    return [(configuration, gpus) for gpus in configuration.texts("gpu_counts", ()) or ("",)]


def _key(row: _Row) -> tuple[str, str]:
    return "::".join(filter(None, (row[0].text("gpu_type"), row[1]))), ""


def _read(row: _Row) -> Draft:
    configuration, gpus = row
    return Draft(
        instance_type=_key(row)[0],
        gpu_name=configuration.text("gpu_type"),
        gpu_count=count(gpus),
        available_regions=configuration.texts("regions", ()),
        availability="sold_out" if configuration.raw("regions", None) == [] else None,
        price=configuration.price("price_per_gpu_hr"),
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a configuration with a number of GPUs", _rows, _read, _key)
