"""OVHcloud: public order catalogue of the Public Cloud, no key needed.

The catalogue of the worldwide subsidiary (WE), the one behind ovhcloud.com/en: US dollars before tax; others come
in euros, pounds or Canadian dollars, as their locale says.  Amounts are hundred-millionths of the currency for the
whole instance, by the hour ("consumption") and by the month.  Windows and the plans of other products are left out.
The catalogue does not state availability; where a plan exists, only the suffix of its code says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.offer import Draft, PriceField, Provider, StatedPrice, only
from scrapers.parse import names_gpu
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser, unnamed_gpu
from scrapers.sources import Json

PROVIDER = Provider(
    "ovhcloud",
    "OVHcloud",
    pricing_url="https://www.ovhcloud.com/en/public-cloud/prices/",
    minimum_offers=6,
    must_have=("l4",),
)
SOURCE = Json("https://ca.api.ovh.com/1.0/order/catalog/public/cloud?ovhSubsidiary=WE")

# What follows the flavour's name in a plan's code -> the field of `Draft` that its price is for.
_PLANS: Mapping[str, PriceField] = {"consumption": "price", "monthly.postpaid": "price_month"}


_Row = tuple[Record, str]


def _rows(catalogue: Any) -> Iterator[_Row]:
    currency = record(catalogue).record("locale").text("currencyCode")
    return ((addon, currency) for addon in record(catalogue).records("addons"))


def _key(row: _Row) -> tuple[str, str]:
    return row[0].text("planCode").partition(".")[0], ""


def _read(row: _Row) -> Draft | LeftOut:
    """The draft of a row, which has a flavour's price per hour or per month."""
    addon, currency = row
    flavour, _, plan = addon.text("planCode").partition(".")
    if plan not in _PLANS or not _is_instance(addon):
        return LeftOut("other_product", addon.text("planCode"))
    technical = addon.record("blobs", {}).record("technical", {})
    stated = "gpu" in technical.names()
    if not stated and not names_gpu(flavour):
        return LeftOut("no_gpu", flavour)
    gpu, price = technical.record("gpu") if stated else Record({}), _amount(addon, currency)
    if price is None:
        return LeftOut("no_price", addon.text("planCode"))
    return Draft(
        instance_type=flavour,
        gpu_name=gpu.text("model") if stated else unnamed_gpu(flavour),
        gpu_count=gpu.count("number") if stated else 1,
        gpu_memory_gb=gpu.record("memory", {}).number("size", None),
        **only(_PLANS[plan], price),
        currency=currency,
        price_unit="instance_hour",
        vcpu_count=technical.record("cpu", {}).count("cores", None),
        ram_gb=technical.record("memory", {}).number("size", None),
    )


def _is_instance(addon: Record) -> bool:
    """Whether it is a Linux instance, not Windows, a notebook or a training job, which may have GPUs too."""
    return addon.text("product") == "publiccloud-instance" and not addon.text("planCode").startswith("win-")


def _amount(addon: Record, currency: str) -> StatedPrice:
    """The first price above zero per hour or month; what is billed by the minute is not an instance."""
    priced = [one for one in addon.records("pricings") if one.text("intervalUnit", "") in ("hour", "month", "none")]
    amounts = (one.price("price", currency=currency, per=10**8) for one in priced)
    return next((amount for amount in amounts if amount), None)


offers = RowParser("a plan of the catalogue", _rows, _read, _key)
