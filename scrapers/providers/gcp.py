"""Google Cloud: Cyclenerd's price list (pricing.yml on GitHub, Apache-2.0), made of Google's own SKUs.

Google's price API needs a key; this list doesn't, and has the whole machine's price by region: US dollars per
hour before tax, on demand and spot, and per month with a commitment.  GPUs attached to N1 machines are left out:
there the prices of the GPU and of the machine are separate.

The list adds up SKUs, which Google also prices in regions without such a machine, and on demand for machines that are
not rented on demand: which exist where, and how they are rented, is in `scrapers.machine_places`.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.machine_places import machine_places
from scrapers.offer import Draft, Prices, Provider, StatedPrice
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, split_each
from scrapers.sources import Yaml

PROVIDER = Provider(
    "gcp",
    "Google Cloud",
    pricing_url="https://cloud.google.com/compute/gpus-pricing",
    minimum_offers=200,
    must_have=("h100-sxm", "l4"),
)
SOURCE = Yaml("https://raw.githubusercontent.com/Cyclenerd/google-cloud-pricing-cost-calculator/master/pricing.yml")

# The GPU of a machine family, its memory in GB, and how many of them each machine type has:
# https://cloud.google.com/compute/docs/accelerator-optimized-machines, as of August 2026.
_BY_NAME = {f"{count}g": Decimal(count) for count in (1, 2, 4, 8, 16)}
_G2 = {"4": 1, "8": 1, "12": 1, "16": 1, "32": 1, "24": 2, "48": 4, "96": 8}
_G4 = {"6": "0.125", "12": "0.25", "24": "0.5", "48": "1", "96": "2", "192": "4", "384": "8"}
FAMILIES: Mapping[str, tuple[str, int, Mapping[str, Decimal]]] = {
    "a2-highgpu": ("A100 40GB SXM", 40, _BY_NAME),
    "a2-megagpu": ("A100 40GB SXM", 40, _BY_NAME),
    "a2-ultragpu": ("A100 80GB SXM", 80, _BY_NAME),
    "a3-edgegpu": ("H100 80GB SXM", 80, _BY_NAME),
    "a3-highgpu": ("H100 80GB SXM", 80, _BY_NAME),
    "a3-megagpu": ("H100 80GB SXM", 80, _BY_NAME),
    "a3-ultragpu": ("H200 SXM", 141, _BY_NAME),
    "a4-highgpu": ("B200", 180, _BY_NAME),
    "a4x-highgpu": ("GB200", 186, _BY_NAME),
    "g2-standard": ("L4", 24, {size: Decimal(count) for size, count in _G2.items()}),
    "g4-standard": ("NVIDIA RTX PRO 6000 Blackwell Server Edition", 96, {s: Decimal(n) for s, n in _G4.items()}),
}


_WITH_GPUS = re.compile(r"[ag]\d+x?-.+")  # Google's accelerator-optimised series

_Row = tuple[str, Record, str, Record]
"""A machine type with its description, and a region with its prices."""


def _rows(prices: Any) -> Iterator[Any]:
    machines = record(prices).record("compute").entries("instance")
    return split_each(machines, lambda named: [(*named, *cost) for cost in named[1].entries("cost")])


def _key(row: _Row) -> tuple[str, str]:
    return row[0], row[2]


def _read(row: _Row) -> Draft | LeftOut:
    machine_type, machine, region, cost = row
    family, _, size = machine_type.rpartition("-")
    gpu, memory, counts = FAMILIES.get(family, (machine_type, None, {}))
    if size not in counts and not _WITH_GPUS.fullmatch(machine_type):
        return LeftOut("no_gpu", machine_type)
    exists = machine_places().exists_in(PROVIDER.slug, machine_type, region) if size in counts else "yes"
    if exists != "yes":
        return LeftOut("no_such_machine" if exists == "no" else "place_not_known", f"{machine_type} in {region}")
    terms = _terms(machine_type, cost)
    if cost.names() and not any(terms.values()):
        return LeftOut("no_price", f"{machine_type} in {region}")
    gpus = counts.get(size, Decimal(1))
    return Draft(
        instance_type=machine_type,
        region=region,
        gpu_name=gpu if size in counts else machine_type,
        gpu_count=max(1, int(gpus)),
        gpu_share=min(Decimal(1), gpus),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        **terms,
        currency="USD",
        price_unit="instance_hour",
        vcpu_count=machine.count("cpu", None),
        ram_gb=machine.number("ram", None),
    )


def _terms(machine_type: str, cost: Record) -> Prices:
    """The prices at which the machine is rented out; a commitment needs one that is rented out on demand."""
    terms: Prices = {}
    if machine_places().is_sold_as(PROVIDER.slug, machine_type, "spot"):
        terms["price_spot"] = cost.price("hour_spot", None)
    if machine_places().is_sold_as(PROVIDER.slug, machine_type, "on_demand"):
        terms["price"] = cost.price("hour", None)
        terms["price_1y"], terms["price_3y"] = _hourly(cost, "month_1y"), _hourly(cost, "month_3y")
    return terms


def _hourly(cost: Record, term: str) -> StatedPrice:
    """The price per hour of a month with a commitment, to a millionth."""
    month = cost.price(term, None)
    return round(month / HOURS_PER_MONTH, 6) if isinstance(month, Decimal) else month


offers = RowParser("a machine type in a region", _rows, _read, _key)
