"""OVHcloud: public order catalogue of the Public Cloud, no key needed.

The catalogue of the worldwide subsidiary (WE), the one behind ovhcloud.com/en: US dollars before tax; others come
in euros, pounds or Canadian dollars, as their locale says.  Amounts are hundred-millionths of the currency for the
whole instance, by the hour ("consumption") and by the month.  Windows and the plans of other products are left out.
The catalogue tells no stock, and where a plan is let only by the suffix of its code.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider(
    "ovhcloud",
    "OVHcloud",
    pricing_url="https://www.ovhcloud.com/en/public-cloud/prices/",
    minimum_offers=6,
    must_have=("l4",),
)
SOURCE = Json("https://ca.api.ovh.com/1.0/order/catalog/public/cloud?ovhSubsidiary=WE")

# What follows the flavour's name in a plan's code, and the field of `Offer` its price is for.
_PLANS = {"consumption": "price", "monthly.postpaid": "price_month"}


def offers(catalogue: Any) -> Iterator[Offer]:
    """One offer of each flavour with GPUs."""
    currency = catalogue["locale"]["currencyCode"]
    prices: dict[str, dict[str, Decimal]] = defaultdict(dict)
    technical: dict[str, Any] = {}
    for addon in catalogue["addons"]:
        flavour, _, plan = addon["planCode"].partition(".")
        blob = (addon.get("blobs") or {}).get("technical") or {}
        amount = _amount(addon)
        if blob.get("gpu") and plan in _PLANS and amount and _is_instance(addon):
            technical[flavour] = blob
            prices[flavour][_PLANS[plan]] = amount
    for flavour, amounts in prices.items():
        yield _offer(flavour, technical[flavour], amounts, currency)


def _is_instance(addon: Mapping[str, Any]) -> bool:
    """Whether it is a Linux instance: not Windows, and no notebook or training job, which have GPUs too."""
    return addon.get("product") == "publiccloud-instance" and not addon["planCode"].startswith("win-")


def _amount(addon: Mapping[str, Any]) -> Decimal | None:
    """The first price above zero by the hour or month; what is billed by the minute is no instance."""
    priced = (pricing for pricing in addon["pricings"] if pricing.get("intervalUnit") in ("hour", "month", "none"))
    return next((amount / 10**8 for pricing in priced if (amount := money(pricing["price"]))), None)


def _offer(flavour: str, technical: Mapping[str, Any], amounts: Mapping[str, Decimal], currency: str) -> Offer:
    gpu = technical["gpu"]
    memory = (gpu.get("memory") or {}).get("size")
    return Offer(
        instance_type=flavour,
        gpu_name=gpu["model"],
        gpu_count=gpu["number"],
        gpu_memory_gb=Decimal(memory) if memory else None,
        price=amounts.get("price"),
        price_month=amounts.get("price_month"),
        currency=currency,
        price_unit="instance_hour",
        vcpu_count=(technical.get("cpu") or {}).get("cores"),
        ram_gb=(technical.get("memory") or {}).get("size"),
    )
