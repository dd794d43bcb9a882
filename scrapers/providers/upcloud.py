"""UpCloud: the price list of its API, with a key (an API token, sent as a bearer token).

Prices are cents of the account's currency per hour for the whole plan, before tax; a month counts 672 hours at
most, which is not shown.  Only the plan's name tells its GPUs ("GPU-8xCPU-64GB-1xL40S"); "GPU-SPOT-" is the same
plan as spot.  The list prices every plan in every zone; only those zones are read of which `scrapers.places` knows that
they have GPUs.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import cents
from scrapers.places import machine_places
from scrapers.sources import Json

PROVIDER = Provider("upcloud", "UpCloud", pricing_url="https://upcloud.com/pricing", needs_key=True, minimum_offers=1)
SOURCE = Json("https://api.upcloud.com/1.3/price", headers={"Authorization": "Bearer {key}"})

_PLAN = re.compile(
    r"server_plan_GPU-(?P<spot>SPOT-)?(?P<plan>(?P<cpus>\d+)xCPU-(?P<ram>\d+)GB-(?P<count>\d+)x(?P<gpu>.+))"
)


def offers(answer: Any) -> Iterator[Offer]:
    """Each GPU plan in each zone: its on-demand price, its spot price or both."""
    for zone in answer["prices"]["zone"]:
        plans: dict[str, dict[str, Any]] = defaultdict(dict)
        for name, rate in zone.items():
            if plan := _PLAN.fullmatch(name):
                prices = plans[plan["plan"]]
                prices["price_spot" if plan["spot"] else "price"] = _hourly(rate)
                prices["plan"] = plan
        place = zone.get("name", "")
        for plan_name, prices in plans.items():
            if machine_places().lets(PROVIDER.slug, f"GPU-{plan_name}", place) == "yes":
                yield _offer(place, answer["prices"]["currency"], **prices)


def _hourly(rate: Mapping[str, Any]) -> Decimal | None:
    """In whole units of the currency, for one plan: a rate may be for several."""
    price = cents(rate["price"])
    return price / rate.get("amount", 1) if price else None


def _offer(zone: str, currency: str, plan: re.Match[str], **prices: Decimal | None) -> Offer:
    return Offer(
        instance_type=f"GPU-{plan['plan']}",
        gpu_name=plan["gpu"],
        gpu_count=int(plan["count"]),
        region=zone,
        **prices,
        currency=currency,
        price_unit="instance_hour",
        vcpu_count=int(plan["cpus"]),
        ram_gb=int(plan["ram"]),
    )
