"""What must be true of a provider's offers before they may be published; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from scrapers.errors import ImplausibleOffers
from scrapers.normalise import HeldBack, Normalised, NormalisedOffer
from scrapers.offer import Provider

HOURS_PER_MONTH = 730
_PRICES = {  # column -> hours it pays for
    "price_per_hour": 1,
    "price_per_hour_spot": 1,
    "price_per_hour_reserved_1y": 1,
    "price_per_hour_reserved_3y": 1,
    "price_per_month": HOURS_PER_MONTH,
}


class Band(NamedTuple):
    """Prices that can be true, in US dollars per GPU-hour, both ends included."""

    lowest: Decimal
    highest: Decimal


_ANY_GPU = Band(Decimal("0.005"), Decimal(500))


@dataclass(frozen=True, slots=True)
class Bands:
    """A band for each GPU's slug, and one for those without."""

    default: Band = _ANY_GPU
    by_gpu: Mapping[str, Band] = field(default_factory=dict)

    def of(self, gpu_slug: str) -> Band:
        """The band of a GPU."""
        return self.by_gpu.get(gpu_slug, self.default)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be wrong before everything is refused, as shares of the offers found."""

    remaining: Decimal = Decimal("0.5")
    unknown_names: Decimal = Decimal("0.5")
    held_back: Decimal = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be stored, and the single offers held back."""

    offers: list[NormalisedOffer]
    held: list[HeldBack]


def check(
    provider: Provider,
    normalised: Normalised,
    previous_count: int | None,
    bands: Bands = Bands(),
    limits: Limits = Limits(),
) -> Checked:
    """The offers that keep the contract.

    `previous_count` is how many offers `Checked.offers` had in the provider's last good run, None if there was
    none.  Raises ImplausibleOffers, with the rule as its code, where the answer as a whole can't be right.
    """
    _check_numbers(provider, normalised, previous_count, limits)
    sound: list[NormalisedOffer] = []
    held = list(normalised.held)
    for offer in normalised.offers:
        found = _outside(offer, bands.of(offer.gpu_slug))
        held += [found] if found else []
        sound += [] if found else [offer]
    if len(held) > limits.held_back * normalised.found:
        problem = f"{len(held)} of {normalised.found} offers can't be right, the first of them: {held[0].detail}"
        raise ImplausibleOffers(provider.slug, problem, code=f"many_{held[0].rule}")
    _check_must_have(provider, sound)
    return Checked(sound, held)


def _check_numbers(provider: Provider, normalised: Normalised, previous: int | None, limits: Limits) -> None:
    found, last = normalised.found, "" if previous is None else f"; the last run had {previous}"
    where = f"{_offers(found)} in {provider.pricing_url}"
    if found == 0:
        raise _changed(provider, where + last, "no_offers")
    unknown = sum(name.offers for name in normalised.unmapped)
    if unknown > limits.unknown_names * found:
        name = max(normalised.unmapped, key=lambda name: name.offers)
        problem = f'unknown GPU names in {unknown} of {found} offers, most often "{name.gpu_name}" ({name.rule})'
        raise ImplausibleOffers(provider.slug, f"{problem}; add them or aliases to sql/seed/", code="unknown_names")
    if found < provider.minimum_offers:
        raise _changed(provider, f"{where}, expected at least {provider.minimum_offers}{last}", "few_offers")
    if normalised.offers and not any(_has_price(offer) for offer in normalised.offers):
        raise _changed(provider, f"{where}, and not one with a price{last}", "no_prices")
    stored = len(normalised.offers)
    if previous is not None and stored < limits.remaining * previous:
        raise _changed(provider, f"{_offers(stored)} of known GPUs in {provider.pricing_url}{last}", "fewer_offers")


def _has_price(offer: NormalisedOffer) -> bool:
    return any(getattr(offer, column) is not None for column in _PRICES)


def _check_must_have(provider: Provider, offers: list[NormalisedOffer]) -> None:
    slugs = {offer.gpu_slug for offer in offers}
    missing = [slug for slug in provider.must_have if slug not in slugs]
    if missing:
        found = f"{_offers(len(offers))} in {provider.pricing_url}, but none of {' or '.join(missing)}"
        raise _changed(provider, f"{found}, which must be there", "missing_gpu")


def _outside(offer: NormalisedOffer, band: Band) -> HeldBack | None:
    """The first price that can't be true of its GPU."""
    gpus = offer.gpu_count * offer.gpu_share
    for column, hours in _PRICES.items():
        price: Decimal | None = getattr(offer, column)
        if price is not None and not band.lowest <= price / (gpus * hours) <= band.highest:
            figure = f"{column} of {price} is {price / (gpus * hours):.4g} USD per GPU-hour"
            detail = f'"{offer.instance_type}": {figure}, outside {band.lowest} to {band.highest}'
            return HeldBack(offer.instance_type, offer.region, offer.gpu_slug, "price_band", detail)
    return None


def _changed(provider: Provider, found: str, code: str) -> ImplausibleOffers:
    return ImplausibleOffers(provider.slug, f"{found}. Has the response changed?", code=code)


def _offers(number: int) -> str:
    return f"{number} offer" if number == 1 else f"{number} offers"
