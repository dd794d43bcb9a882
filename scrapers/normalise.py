"""GPU name -> variant slug (given the aliases), any price -> USD per instance-hour; pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from scrapers.errors import ImplausibleOffers
from scrapers.names import Alias, GpuNames, Resolution, key
from scrapers.offer import Availability, Offer, PriceBasis, PriceUnit

__all__ = ["Alias", "GpuNames", "HeldBack", "Normalised", "NormalisedOffer", "Rate", "Rates", "Resolution"]
__all__ += ["UnknownCurrency", "UnmappedName", "key", "normalise", "per_gpu_hour"]

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
HOURS_PER_MONTH = 730
_ORIGINAL_SCALE, _ORIGINAL_LIMIT = Decimal("0.000001"), Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class NormalisedOffer:
    """An offer as `cloudgpus.instances` keeps it.

    Prices are US dollars per instance-hour (`price_per_month`: per month) before tax; the `original_*`
    ones are the same in `currency`.  `exchange_rate` is US dollars per unit of `currency` on
    `exchange_rate_date`; 1 and None for dollars.  `offers_merged` counts the offers of equal key
    (instance type, region) in the answer, of which this is the cheapest.
    """

    gpu_slug: str
    instance_type: str
    region: str
    available_regions: tuple[str, ...]
    gpu_count: int
    gpu_share: Decimal
    price_per_hour: Decimal | None
    price_per_hour_spot: Decimal | None
    price_per_month: Decimal | None
    price_per_hour_reserved_1y: Decimal | None
    price_per_hour_reserved_3y: Decimal | None
    currency: str
    original_price_per_hour: Decimal | None
    original_price_per_hour_spot: Decimal | None
    original_price_per_month: Decimal | None
    original_price_per_hour_reserved_1y: Decimal | None
    original_price_per_hour_reserved_3y: Decimal | None
    exchange_rate: Decimal
    exchange_rate_date: date | None
    price_basis: PriceBasis
    availability_status: Availability
    availability_stated: bool
    instance_name: str | None
    instance_url: str | None
    vcpu_count: int | None
    ram_gb: Decimal | None
    storage_gb: int | None
    storage_type: str | None
    network_bandwidth_gbps: Decimal | None
    has_nvlink: bool | None
    has_infiniband: bool | None
    infiniband_bandwidth_gbps: int | None
    min_rental_hours: int | None
    billing_increment_seconds: int | None
    price_includes: Mapping[str, Any]
    raw_data: Any
    offers_merged: int = 1


_SAME = {column.name for column in fields(NormalisedOffer)} & set(Offer.model_fields) - {
    "ram_gb",  # rounded to what the database keeps
    "network_bandwidth_gbps",
}


class Rate(NamedTuple):
    """US dollars per unit of a currency on a day; the dollar itself has no day."""

    currency: str
    rate_date: date | None
    usd_per_unit: Decimal


class UnknownCurrency(ImplausibleOffers):
    """Prices in a currency without a rate on or before the day."""

    code = "unknown_currency"


class Rates:
    """Exchange rates by currency and day."""

    def __init__(self, rates: Iterable[tuple[str, date, Decimal]]) -> None:
        self._by_currency: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, rate_date, usd_per_unit in sorted(rates):
            self._by_currency.setdefault(currency, []).append((rate_date, usd_per_unit))

    def at(self, currency: str, on: date) -> Rate | None:
        """The last rate on or before the day; None where there is none."""
        if currency == "USD":
            return Rate("USD", None, Decimal(1))
        days = self._by_currency.get(currency, [])
        position = bisect_right(days, on, key=lambda day: day[0])
        return Rate(currency, *days[position - 1]) if position else None


@dataclass(frozen=True, slots=True)
class UnmappedName:
    """A GPU name that means no known GPU: how many offers have it, the rule that said so, and the offers' keys."""

    gpu_name: str
    gpu_memory_gb: Decimal | None
    example_instance_type: str
    offers: int
    rule: str
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An offer that is not published: `rule` names what caught it, `detail` has the figures.

    `prices` are US dollars per GPU-hour by column, for a rule that an agreeing answer or an editor may overrule;
    `since` is when they were first held back.
    """

    instance_type: str
    region: str
    gpu_slug: str
    rule: str
    detail: str
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Normalised:
    """A provider's comparable offers, and what did not become one."""

    offers: list[NormalisedOffer]
    unmapped: list[UnmappedName]
    held: list[HeldBack] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many offers the answer had: stored, merged, unmapped and held back."""
        merged = sum(offer.offers_merged for offer in self.offers)
        return merged + sum(name.offers for name in self.unmapped) + len(self.held)


def normalise(
    offers: Iterable[Offer], names: GpuNames, rates: Rates, on: date, *, provider: str = "offers"
) -> Normalised:
    """Offers in USD per instance-hour, one for each instance type and region: the cheapest.

    `on` is the day whose exchange rates hold.  A price too small or too large for the database is held
    back, and so are all offers of one key that disagree on the GPU.  Raises UnknownCurrency, naming
    `provider`, for one without a rate.
    """
    resolve = cache(names.resolve)
    known: list[NormalisedOffer] = []
    unknown: list[tuple[Offer, str]] = []
    held: list[HeldBack] = []
    for offer in offers:
        meaning = resolve(offer.gpu_name, offer.gpu_memory_gb, offer.gpu_share)
        if meaning.slug is None:
            unknown.append((offer, meaning.rule))
            continue
        rate = rates.at(offer.currency, on)
        if rate is None:
            raise UnknownCurrency(provider, f'no exchange rate of "{offer.currency}" on or before {on}')
        try:
            known.append(_converted(offer, meaning.slug, rate))
        except _DoesNotFit as error:
            held.append(HeldBack(offer.instance_type, offer.region, meaning.slug, error.rule, str(error)))
    merged, clashing = _merged(known)
    return Normalised(merged, _counted(unknown), held + clashing)


def per_gpu_hour(offer: NormalisedOffer) -> dict[str, Decimal]:
    """The offer's prices that there are, in US dollars per GPU-hour, by column."""
    gpus = offer.gpu_count * offer.gpu_share
    prices = {column: getattr(offer, column) for column, _, _ in _COLUMNS.values()}
    hours = {"price_per_month": HOURS_PER_MONTH}
    return {column: price / (gpus * hours.get(column, 1)) for column, price in prices.items() if price is not None}


class _DoesNotFit(Exception):
    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


def _converted(offer: Offer, slug: str, rate: Rate) -> NormalisedOffer:
    prices: dict[str, Any] = {}
    for stated, (column, scale, limit) in _COLUMNS.items():
        amount = _per_instance(offer, stated)
        prices[column] = amount and _rounded(column, amount * rate.usd_per_unit, scale, limit)
        original = f"original_{column}"
        prices[original] = amount and _rounded(original, amount, _ORIGINAL_SCALE, _ORIGINAL_LIMIT)
    return NormalisedOffer(
        gpu_slug=slug,
        exchange_rate=rate.usd_per_unit,
        exchange_rate_date=rate.rate_date,
        availability_status=offer.availability or "available",
        availability_stated=offer.availability is not None,
        ram_gb=_two_places(offer.ram_gb),
        network_bandwidth_gbps=_two_places(offer.network_bandwidth_gbps),
        raw_data=offer.raw,
        **{name: getattr(offer, name) for name in _SAME},
        **prices,
    )


def _per_instance(offer: Offer, stated: str) -> Decimal | None:
    """In the offer's currency, per instance-hour (per month: as it is), exact."""
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


def _merged(offers: list[NormalisedOffer]) -> tuple[list[NormalisedOffer], list[HeldBack]]:
    """The cheapest of each key with the number of all; keys whose offers are of different GPUs apart."""
    merged: list[NormalisedOffer] = []
    clashing: list[HeldBack] = []
    for _, group in groupby(sorted(offers, key=_identity), key=_identity):
        alike = list(group)
        configurations = {(offer.gpu_slug, offer.gpu_count, offer.gpu_share) for offer in alike}
        if len(configurations) > 1:
            clashing += [_clash(offer, len(configurations)) for offer in alike]
        else:
            merged.append(replace(min(alike, key=_cheapness), offers_merged=len(alike)))
    return merged, clashing


def _identity(offer: NormalisedOffer) -> tuple[str, str]:
    return (offer.instance_type, offer.region)


def _cheapness(offer: NormalisedOffer) -> tuple[Any, ...]:
    """On demand first, the instance's address last, so that no answer's order decides."""
    prices = [getattr(offer, column) for column, _, _ in _COLUMNS.values()]
    return (*(Decimal("Infinity") if price is None else price for price in prices), offer.instance_url or "")


def _clash(offer: NormalisedOffer, configurations: int) -> HeldBack:
    detail = f'"{offer.instance_type}" in "{offer.region}" stands for {configurations} configurations of GPUs'
    return HeldBack(offer.instance_type, offer.region, offer.gpu_slug, "equal_keys", detail)


def _counted(unknown: list[tuple[Offer, str]]) -> list[UnmappedName]:
    found: dict[tuple[str, Decimal | None], list[tuple[Offer, str]]] = {}
    for offer, rule in unknown:
        found.setdefault((offer.gpu_name, offer.gpu_memory_gb), []).append((offer, rule))
    return [
        UnmappedName(*name, offers[0][0].instance_type, len(offers), offers[0][1], _keys(offers))
        for name, offers in found.items()
    ]


def _keys(offers: list[tuple[Offer, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((offer.instance_type, offer.region) for offer, _ in offers)
