"""Offers as they are stored: GPU names become slugs, regions get their present names, prices are converted; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache

from scrapers.combined_rows import combine
from scrapers.exchange_rates import Rate, Rates, UnknownCurrency
from scrapers.gpu_names import Alias, GpuNames, Resolution, key
from scrapers.normalised import COLUMNS, HeldBack, Normalised, NormalisedOffer, UnmappedName, without
from scrapers.offer import Key, Offer, Provider
from scrapers.price_conversion import converted
from scrapers.price_per_gpu_hour import prices_per_gpu_hour
from scrapers.regions import Regions, regions

__all__ = ["COLUMNS", "Alias", "GpuNames", "HeldBack", "Normalised", "NormalisedOffer", "Rate", "Rates", "Resolution"]
__all__ += ["UnknownCurrency", "UnmappedName", "key", "normalise", "prices_per_gpu_hour", "without"]

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
            found.add(*converted(offer, meaning.slug, rate))
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
