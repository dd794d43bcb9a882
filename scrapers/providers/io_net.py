"""io.net: the machines of its public IO Cloud API, no key needed.

Prices are US dollars per hour for the whole machine, before tax.  The API also lists machines without GPUs, and
some without a price.
"""

from collections.abc import Mapping
from typing import Any

from scrapers.offer import Availability, Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider(
    "io-net", "io.net", pricing_url="https://io.net/pricing", source_class="marketplace_api", minimum_offers=1
)
SOURCE = Json("https://api.io.solutions/v1/io-cloud/vmaas/hardware")

_SOLD_OUT: Mapping[bool | None, Availability] = {True: "sold_out", False: "available"}


def _rows(answer: Any) -> list[Record]:
    return record(answer).record("data").records("hardware")


def _key(machine: Record) -> tuple[str, str]:
    return machine.text("deploy_id", None) or machine.text("id"), machine.text("location", "")


def _read(machine: Record) -> Draft | LeftOut:
    name, place = _key(machine)
    if not machine.count("num_cards"):
        return LeftOut("no_gpu", name)
    price = machine.price("price")
    if price is None:
        return LeftOut("no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=f"{machine.text('name')} {machine.text('interconnect', '')}".strip(),
        gpu_count=machine.count("num_cards"),
        gpu_memory_gb=machine.number("vram_per_card", None) or None,
        region=place,
        price=price,
        currency="USD",
        price_unit="instance_hour",
        availability=_SOLD_OUT.get(machine.flag("sold_out", None)),
        vcpu_count=machine.count("vcpu", None) or None,
        ram_gb=machine.number("memory", None) or None,
        storage_gb=machine.count("storage", None),
        has_nvlink=machine.flag("nvlink", None),
    )


offers = RowParser("a machine in a country", _rows, _read, _key)
