"""GPU name -> variant slug (given the aliases), any price -> USD per instance-hour; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from scrapers.combined_rows import combine
from scrapers.exchange_rates import Rate, Rates, UnknownCurrency
from scrapers.gpu_names import Alias, GpuNames, Resolution, key
from scrapers.normalised import COLUMNS, HeldBack, Normalised, NormalisedOffer, UnmappedName, without
from scrapers.offer import Instance, Key, Offer, PriceUnit, Provider
from scrapers.price_per_gpu_hour import prices_per_gpu_hour
from scrapers.regions import Regions, regions

__all__ = ["COLUMNS", "Alias", "GpuNames", "HeldBack", "Normalised", "NormalisedOffer", "Rate", "Rates", "Resolution"]
__all__ += ["UnknownCurrency", "UnmappedName", "key", "normalise", "prices_per_gpu_hour", "without"]

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


_ANYBODY = Provider("offers", "Offers", "")


def normalise(
    offers: Iterable[Offer],
    names: GpuNames,
    rates: Rates,
    on: date,
    provider: Provider = _ANYBODY,
    places: Regions | None = None,
) -> Normalised:
    """Offers in USD per instance-hour, one for each instance type and region, whatever the order of the rows.

    `on` is the day whose exchange rates are used; `places` are the regions that the project ships, unless given.  A
    region's old name becomes its present one; a row in a region that is missing from the provider's complete list is
    held back.  Rows of one key are combined: each may state another price.  Of a marketplace's listings the cheapest
    for rent is kept; elsewhere rows that state different prices of one kind are held back, as are those that disagree
    on the GPU, a price too small or too large for the database, and one in a currency without a rate.  Raises
    UnknownCurrency, naming the provider, where no row has a currency with a rate.
    """
    resolve, places = cache(names.resolve), places or regions()
    found = _Found()
    for offer in (_in_present_regions(offer, provider, places) for offer in offers):
        meaning = resolve(offer.gpu_name, offer.gpu_memory_gb, offer.gpu_share, plain_is_sxm=not provider.sxm_named)
        if meaning.slug is None:
            found.unknown.append((offer, meaning.rule))
        elif not _is_known(offer.region, provider, places):
            found.held.append(_in_no_region(offer, meaning.slug, provider))
        elif rate := rates.at(offer.currency, on):
            found.add(*_converted(offer, meaning.slug, rate))
        else:
            found.held.append(_without_rate(offer, meaning.slug, on))
    _require_rates(found, provider)
    combined = combine(found.known, are_listings=provider.source_class == "marketplace_api")
    return Normalised(
        combined.offers,
        _unmapped_names(found.unknown),
        found.held + combined.held,
        joined=combined.joined,
        merged=combined.merged,
        odd_prices=found.odd,
    )


@dataclass(slots=True)
class _Found:
    """The rows so far: known, of unknown GPUs, held back, and single prices held back."""

    known: list[NormalisedOffer] = field(default_factory=list)
    unknown: list[tuple[Offer, str]] = field(default_factory=list)
    held: list[HeldBack] = field(default_factory=list)
    odd: list[HeldBack] = field(default_factory=list)

    def add(self, converted: NormalisedOffer | None, odd: list[HeldBack]) -> None:
        """Add a row in US dollars with its odd prices; `converted` is None for a row that has no other prices."""
        if converted:
            self.known.append(converted)
            self.odd += odd
        else:
            self.held.append(replace(odd[0], columns=()))


def _require_rates(found: _Found, provider: Provider) -> None:
    without_rate = [one.detail for one in found.held if one.rule == "unknown_currency"]
    if without_rate and not found.known:
        raise UnknownCurrency(provider.slug, without_rate[0])


class _DoesNotFit(Exception):
    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


def _converted(offer: Offer, slug: str, rate: Rate) -> tuple[NormalisedOffer | None, list[HeldBack]]:
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
        **{name: getattr(offer, name) for name in _SAME},
        **prices,
    )


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


def _is_known(region: str, provider: Provider, places: Regions) -> bool:
    """Whether the region may exist; where the provider's list is not complete, any may."""
    return not region or not places.is_complete(provider.slug) or places.place(provider.slug, region) is not None


def _in_no_region(offer: Offer, slug: str, provider: Provider) -> HeldBack:
    listed = f"neither a region of {provider.name} nor one of its old names; add it to scrapers/facts/regions.csv"
    detail = f'"{offer.instance_type}" in "{offer.region}", which is {listed}'
    return HeldBack(offer.instance_type, offer.region, slug, "unknown_region", detail)


def _without_rate(offer: Offer, slug: str, on: date) -> HeldBack:
    detail = f'"{offer.instance_type}": no exchange rate for "{offer.currency}" on or before {on}'
    return HeldBack(offer.instance_type, offer.region, slug, "unknown_currency", detail)


def _in_present_regions(offer: Offer, provider: Provider, places: Regions) -> Offer:
    """The offer with its regions' present names."""
    if not offer.region and not offer.available_regions:
        return offer
    region = places.code(provider.slug, offer.region)
    available = tuple(places.code(provider.slug, one) for one in offer.available_regions)
    if (region, available) == (offer.region, offer.available_regions):
        return offer
    return replace(offer, region=region, available_regions=available)


def _unmapped_names(unknown: list[tuple[Offer, str]]) -> list[UnmappedName]:
    found: dict[tuple[str, Decimal | None], list[tuple[Offer, str]]] = {}
    for offer, rule in unknown:
        found.setdefault((offer.gpu_name, offer.gpu_memory_gb), []).append((offer, rule))
    return [
        UnmappedName(*name, offers[0][0].instance_type, len(offers), offers[0][1], _keys(offers))
        for name, offers in found.items()
    ]


def _keys(offers: list[tuple[Offer, str]]) -> tuple[Key, ...]:
    return tuple((offer.instance_type, offer.region) for offer, _ in offers)
