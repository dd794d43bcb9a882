"""Any stated price to US dollars per instance-hour, at the day's exchange rate, with the amount that was charged."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scrapers.exchange_rates import Rate
from scrapers.normalised import HeldBack, NormalisedOffer
from scrapers.offer import Instance, Offer, PriceUnit

_PER_HOUR: Mapping[PriceUnit, int] = {
    "instance_hour": 1,
    "instance_minute": 60,
    "instance_second": 3600,
    "gpu_hour": 1,
    "gpu_minute": 60,
    "gpu_second": 3600,
}
_COLUMNS = {  # field of Offer -> column, its scale, and what no longer fits
    "price": ("price_per_hour", Decimal("0.0001"), Decimal(10) ** 6),
    "price_spot": ("price_per_hour_spot", Decimal("0.0001"), Decimal(10) ** 6),
    "price_1y": ("price_per_hour_reserved_1y", Decimal("0.0001"), Decimal(10) ** 6),
    "price_3y": ("price_per_hour_reserved_3y", Decimal("0.0001"), Decimal(10) ** 6),
    "price_month": ("price_per_month", Decimal("0.01"), Decimal(10) ** 10),
}
_SCALES = {column: (scale, limit) for column, scale, limit in _COLUMNS.values()}
_ORIGINAL_SCALE, _ORIGINAL_LIMIT = Decimal("0.000001"), Decimal(10) ** 10
_SAME = {stated.name for stated in fields(Instance)} - {
    "available_regions",  # in an order of their own
    "ram_gb",  # rounded to what the database keeps
    "network_bandwidth_gbps",
}


class _DoesNotFit(Exception):
    """A price that the database can't store, by this rule."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


def converted(offer: Offer, slug: str, rate: Rate) -> tuple[NormalisedOffer | None, list[HeldBack]]:
    """The offer in US dollars, without the prices that can't be right; None where no price is left."""
    prices: dict[str, Any] = {}
    odd: list[HeldBack] = []
    for stated, (column, _, _) in _COLUMNS.items():
        amount = _per_instance(offer, stated)
        rule, reason = "unreadable", offer.odd_prices.get(stated, "")
        try:
            prices |= _in_both_currencies(column, amount, rate)
        except _DoesNotFit as error:
            prices |= {column: None, f"original_{column}": None}
            rule, reason = error.rule, str(error)
        if reason:
            detail = f'"{offer.instance_type}": {reason}'
            odd.append(HeldBack(offer.instance_type, offer.region, slug, rule, detail, columns=(column,)))
    if odd and not any(prices.values()):
        return None, odd
    return _of_prices(offer, slug, rate, prices), odd


def _in_both_currencies(column: str, amount: Decimal | None, rate: Rate) -> dict[str, Decimal | None]:
    """A price in US dollars and in its own currency.  Raises _DoesNotFit for one that the database can't store."""
    if amount is None:
        return {column: None, f"original_{column}": None}
    scale, limit = _SCALES[column]
    original = f"original_{column}"
    return {
        column: _rounded(column, amount * rate.usd_per_unit, scale, limit),
        original: _rounded(original, amount, _ORIGINAL_SCALE, _ORIGINAL_LIMIT),
    }


def _of_prices(offer: Offer, slug: str, rate: Rate, prices: Mapping[str, Any]) -> NormalisedOffer:
    return NormalisedOffer(
        gpu_slug=slug,
        gpu_count=offer.gpu_count,
        size_stated=offer.size_stated,
        exchange_rate=rate.usd_per_unit,
        exchange_rate_date=rate.rate_date,
        availability_status=offer.availability or "available",
        availability_stated=offer.availability is not None,
        available_regions=tuple(sorted(set(offer.available_regions))),
        ram_gb=_two_places(offer.ram_gb),
        network_bandwidth_gbps=_two_places(offer.network_bandwidth_gbps),
        raw_data=offer.raw,
        price_ends=_ends(offer, prices),
        **{name: getattr(offer, name) for name in _SAME},
        **prices,
    )


def _ends(offer: Offer, prices: Mapping[str, Any]) -> dict[str, str]:
    if offer.valid_to is None:
        return {}
    end = offer.valid_to.astimezone(UTC).isoformat()
    return {column: end for column, _, _ in _COLUMNS.values() if prices[column] is not None}


def _per_instance(offer: Offer, stated: str) -> Decimal | None:
    """The price per instance-hour in the offer's currency, exact; a price per month as it is."""
    amount: Decimal | None = getattr(offer, stated)
    if amount is None or stated == "price_month":
        return amount
    gpus = offer.gpu_count * offer.gpu_share if offer.price_unit.startswith("gpu_") else 1
    return amount * _PER_HOUR[offer.price_unit] * gpus


def _rounded(column: str, amount: Decimal, scale: Decimal, limit: Decimal) -> Decimal:
    if amount >= limit - scale:
        raise _DoesNotFit("too_large", f"{column} {amount:.10g} is more than the {limit:f} that can be stored")
    rounded = amount.quantize(scale, ROUND_HALF_UP)
    if not rounded:
        raise _DoesNotFit("rounds_to_zero", f"{column} {amount:.3g} is less than the {scale:f} that can be stored")
    return rounded


def _two_places(amount: Decimal | None) -> Decimal | None:
    return amount and (amount.quantize(Decimal("0.01"), ROUND_HALF_UP) or None)
