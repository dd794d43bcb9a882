"""The price per GPU-hour of offers not stored yet; for stored ones SQL's `cloudgpus.price_per_gpu_hour` is the same."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapers.normalised import NormalisedOffer

HOURS_PER_MONTH = 730
PER_GPU_HOUR: Mapping[str, str] = {
    "price_per_hour": "price_per_gpu_hour",
    "price_per_hour_spot": "price_per_gpu_hour_spot",
    "price_per_month": "price_per_gpu_hour_monthly",
    "price_per_hour_reserved_1y": "price_per_gpu_hour_reserved_1y",
    "price_per_hour_reserved_3y": "price_per_gpu_hour_reserved_3y",
}
"""Each price column of an offer, and the name of that price per GPU-hour."""
PRICING_TYPES: Mapping[str, str] = {
    "price_per_hour": "on_demand",
    "price_per_hour_spot": "spot",
    "price_per_month": "monthly",
    "price_per_hour_reserved_1y": "reserved_1y",
    "price_per_hour_reserved_3y": "reserved_3y",
}
"""Each price column of an offer, and its pricing type."""
_HOURS = {"price_per_month": HOURS_PER_MONTH}


def price_per_gpu_hour(price: Decimal, gpu_count: int, gpu_share: Decimal) -> Decimal:
    """The instance's price per hour, divided by its GPUs; unrounded."""
    return price / (gpu_count * gpu_share)


def prices_per_gpu_hour(offer: "NormalisedOffer") -> dict[str, Decimal]:
    """The offer's prices in US dollars per GPU-hour, by column; those it lacks are left out."""
    prices = {column: getattr(offer, column) for column in PER_GPU_HOUR}
    return {
        column: price_per_gpu_hour(price / _HOURS.get(column, 1), offer.gpu_count, offer.gpu_share)
        for column, price in prices.items()
        if price is not None
    }
