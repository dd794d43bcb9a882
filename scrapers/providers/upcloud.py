"""UpCloud: the price list of its API, with a key (an API token, sent as a bearer token).

Prices are cents of the account's currency per hour for the whole plan, before tax; a month is charged as 672 hours at
most, which is not shown.  Only the plan's name tells its GPUs ("GPU-8xCPU-64GB-1xL40S"); "GPU-SPOT-" is the same
plan as spot.  The list prices every plan in every zone; read are only the zones that have GPUs, as
`scrapers.machine_places` knows.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from scrapers.machine_places import machine_places
from scrapers.offer import Draft, Provider, StatedPrice
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider("upcloud", "UpCloud", pricing_url="https://upcloud.com/pricing", needs_key=True, minimum_offers=1)
SOURCE = Json("https://api.upcloud.com/1.3/price", headers={"Authorization": "Bearer {key}"})

_PLAN = re.compile(
    r"server_plan_GPU-(?P<spot>SPOT-)?(?P<plan>(?P<cpus>\d+)xCPU-(?P<ram>\d+)GB-(?P<count>\d+)x(?P<gpu>.+))"
)


_Row = tuple[Record, str, str]
"""A zone with its prices, the name of one of them, and the account's currency."""


def _rows(answer: Any) -> Iterator[_Row]:
    prices = record(answer).record("prices")
    currency = prices.text("currency")
    return ((zone, name, currency) for zone in prices.records("zone") for name in zone.names() if name != "name")


def _key(row: _Row) -> tuple[str, str]:
    plan = _PLAN.fullmatch(row[1])
    return (f"GPU-{plan['plan']}" if plan else row[1]), row[0].text("name", "")


def _read(row: _Row) -> Draft | LeftOut:
    """The draft of a row, which has a plan's price on demand or as spot."""
    zone, name, currency = row
    plan = _PLAN.fullmatch(name)
    if not plan and names_gpu(name):
        raise ValueError(f"{name!r:.80} is not a plan with GPUs, such as 'server_plan_GPU-8xCPU-64GB-1xL40S'")
    if not plan:
        return LeftOut("other_product", name)
    machine_type, place = _key(row)
    exists = machine_places().exists_in(PROVIDER.slug, machine_type, place)
    if exists != "yes":
        return LeftOut("no_such_machine" if exists == "no" else "place_not_known", f"{machine_type} in {place}")
    price = _hourly(zone.record(name), currency)
    return Draft(
        instance_type=machine_type,
        gpu_name=plan["gpu"],
        gpu_count=int(plan["count"]),
        region=place,
        price=None if plan["spot"] else price,
        price_spot=price if plan["spot"] else None,
        currency=currency,
        price_unit="instance_hour",
        vcpu_count=int(plan["cpus"]),
        ram_gb=Decimal(plan["ram"]),
    )


def _hourly(rate: Record, currency: str) -> StatedPrice:
    """The price of one plan in whole units of the currency; a rate, in cents, may be for several."""
    return rate.price("price", currency=currency, per=100 * (rate.count("amount", 1) or 1))


offers = RowParser("a price of a zone's list", _rows, _read, _key)
