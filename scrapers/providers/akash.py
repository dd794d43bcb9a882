"""Akash Network: the console's public statistics of the providers' bids, no key needed.

Prices are US dollars per GPU-hour of what providers bid for a small deployment with one GPU: the median, else the
average weighted by their GPUs, else what there is; `price_includes` says which.  A model nobody bids for has no
price.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import memory_gb, money
from scrapers.sources import Json

PROVIDER = Provider(
    "akash",
    "Akash Network",
    pricing_url="https://akash.network/pricing/gpus/",
    source_class="marketplace_api",
    minimum_offers=5,
)
SOURCE = Json("https://console-api.akash.network/v1/gpu-prices")

# The form factor is said apart from the model; these are sold in several.
_IN_SEVERAL_FORMS = {"a100", "h100", "h200", "v100"}
_STATISTICS = {"med": "median", "weightedAverage": "weighted average", "avg": "average", "min": "minimum"}


def offers(answer: Any) -> Iterator[Offer]:
    """One offer of each model, memory and form that has a price."""
    for model in answer["models"]:
        price, statistic = _price(model.get("price") or {})
        if price:
            form, ram = model.get("interface") or "", model.get("ram") or ""
            yield Offer(
                instance_type=" ".join(f"1x {model['model']} {ram} {form}".lower().split()),
                gpu_name=f"{model['model']} {form}".strip() if model["model"] in _IN_SEVERAL_FORMS else model["model"],
                gpu_memory_gb=memory_gb(ram),
                price=price,
                currency=model["price"]["currency"],
                price_unit="gpu_hour",
                availability=_availability(model.get("availability") or {}),
                price_includes={"statistic": statistic},
            )


def _price(price: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    for name, statistic in _STATISTICS.items():
        if amount := money(price.get(name)):
            return amount, statistic
    return None, ""


def _availability(stock: Mapping[str, Any]) -> Availability | None:
    if stock.get("available") is None:
        return None
    return "available" if stock["available"] else "sold_out"
