"""What must be true of a provider's offers before they may be published; pure.

An answer passes, passes with single offers held back, or is refused as a whole:

    sift      the offers that can be believed, and those that are held back, each with its rule and figures
    require   refuses an answer of which too much is missing, unknown or held back
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from scrapers.errors import ImplausibleOffers
from scrapers.normalise import HeldBack, Normalised, NormalisedOffer, per_gpu_hour
from scrapers.offer import Provider

Key = tuple[str, str]
"""What an offer is at its provider: instance type and region."""
Prices = Mapping[str, Decimal]
"""US dollars per GPU-hour by price column."""

SPOT = "price_per_hour_spot"
JUMP = 2  # a price that doubles or halves: what per GPU and per node, or one unit and another, confuse at least
AGREES_WITHIN = Decimal("0.1")
AGREES_AFTER = timedelta(minutes=30)  # two looks at one mistake are none


class Band(NamedTuple):
    """Prices that can be true, in US dollars per GPU-hour, both ends included; spot may be `lowest_spot`."""

    lowest: Decimal
    highest: Decimal
    lowest_spot: Decimal | None = None

    def holds(self, column: str, price: Decimal) -> bool:
        """Whether a price of this column can be true."""
        return self.least(column) <= price <= self.highest

    def least(self, column: str) -> Decimal:
        """The lowest price of this column that can be true."""
        return self.lowest if column != SPOT or self.lowest_spot is None else self.lowest_spot


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
class Before:
    """An offer that was held back earlier: its prices then, since when, and what an editor said of them."""

    prices: Prices
    since: datetime
    verdict: Literal["waiting", "released", "rejected"] = "waiting"

    def agrees(self, prices: Prices) -> bool:
        """Whether these are the prices that were held back, give or take what an exchange rate moves."""
        return bool(prices) and prices.keys() == self.prices.keys() and all(map(self._is_near, prices, prices.values()))

    def lets_through(self, rule: str, observed_at: datetime) -> bool:
        """Whether the same prices, seen again, are believed now: by an editor, or as the second answer."""
        is_second = rule == "price_jump" and observed_at - self.since >= AGREES_AFTER
        return self.verdict == "released" or (self.verdict == "waiting" and is_second)

    def _is_near(self, column: str, price: Decimal) -> bool:
        return abs(price - self.prices[column]) <= AGREES_WITHIN * self.prices[column]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a provider's offers: the prices that stand, and those held back earlier."""

    standing: Mapping[Key, Prices] = field(default_factory=dict)
    held: Mapping[Key, Sequence[Before]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be wrong before everything is refused, as shares of the offers found."""

    remaining: Decimal = Decimal("0.5")
    unknown_names: Decimal = Decimal("0.5")
    held_back: Decimal = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be stored, the single offers held back, and the keys of those that a second answer let through.

    `total` counts all offers of the answer.
    """

    total: int
    offers: list[NormalisedOffer] = field(default_factory=list)
    held: list[HeldBack] = field(default_factory=list)
    agreed: list[Key] = field(default_factory=list)


def sift(
    normalised: Normalised,
    observed_at: datetime,
    bands: Bands = Bands(),
    past: Past = Past(),
    unreadable: Sequence[HeldBack] = (),
) -> Checked:
    """Every offer believed or held back, by the market's prices of its GPU and by its own last ones.

    A price outside its GPU's band waits for an editor.  One that jumped from where it stood waits for an editor, or for
    a second answer, half an hour later or more, that agrees with the first.
    """
    checked = Checked(normalised.found + len(unreadable), held=[*normalised.held, *unreadable])
    for offer in normalised.offers:
        key, prices = (offer.instance_type, offer.region), per_gpu_hour(offer)
        found = _outside(offer, prices, bands.of(offer.gpu_slug)) or _jumped(offer, prices, past.standing.get(key, {}))
        same = next((before for before in past.held.get(key, ()) if before.agrees(prices)), None)
        if found is None or (same and same.lets_through(found.rule, observed_at)):
            checked.offers.append(offer)
            checked.agreed.extend([key] if found and same and same.verdict == "waiting" else [])
        else:
            checked.held.append(replace(found, prices=prices, since=same.since if same else observed_at))
    return checked


def require(
    provider: Provider,
    normalised: Normalised,
    checked: Checked,
    previous_count: int | None,
    limits: Limits = Limits(),
) -> None:
    """Raises ImplausibleOffers, with the rule as its code, where the answer as a whole can't be right.

    `previous_count` is how many offers stood after the provider's last good run, None if there was none.  One offer may
    always be held back, even of a few.
    """
    _check_numbers(provider, normalised, previous_count, limits)
    held = checked.held
    if not checked.offers or len(held) > max(Decimal(1), limits.held_back * checked.total):
        figures = held[0].detail if held else "none of them is of a known GPU"
        problem = f"{len(held)} of {checked.total} offers can't be right, the first of them: {figures}"
        raise ImplausibleOffers(provider.slug, problem, code=f"many_{held[0].rule}" if held else "unknown_names")
    _check_must_have(provider, [*checked.offers, *held])


def _outside(offer: NormalisedOffer, prices: Prices, band: Band) -> HeldBack | None:
    """The first price that can't be true of its GPU."""
    for column, price in prices.items():
        if not band.holds(column, price):
            figure = f"{column} of {getattr(offer, column)} is {_short(price)} USD per GPU-hour"
            return _held(
                offer, "price_band", f"{figure}, outside {_short(band.least(column))} to {_short(band.highest)}"
            )
    return None


def _jumped(offer: NormalisedOffer, prices: Prices, standing: Prices) -> HeldBack | None:
    """The first price that moved beyond reason from where it stood."""
    for column, price in prices.items():
        last = standing.get(column)
        if last and not last < price * JUMP < last * JUMP**2:
            figures = f"{column} moved from {_short(last)} to {_short(price)} USD per GPU-hour"
            return _held(offer, "price_jump", f"{figures}, {JUMP} times or more")
    return None


def _held(offer: NormalisedOffer, rule: str, figures: str) -> HeldBack:
    return HeldBack(offer.instance_type, offer.region, offer.gpu_slug, rule, f'"{offer.instance_type}": {figures}')


def _short(price: Decimal) -> str:
    return f"{float(price):.4g}"


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
    if normalised.offers and not any(map(per_gpu_hour, normalised.offers)):
        raise _changed(provider, f"{where}, and not one with a price{last}", "no_prices")
    stored = len(normalised.offers)
    if previous is not None and stored < limits.remaining * previous:
        raise _changed(provider, f"{_offers(stored)} of known GPUs in {provider.pricing_url}{last}", "fewer_offers")


def _check_must_have(provider: Provider, offers: list[NormalisedOffer | HeldBack]) -> None:
    slugs = {offer.gpu_slug for offer in offers}
    missing = [slug for slug in provider.must_have if slug not in slugs]
    if missing:
        found = f"{_offers(len(offers))} in {provider.pricing_url}, but none of {' or '.join(missing)}"
        raise _changed(provider, f"{found}, which must be there", "missing_gpu")


def _changed(provider: Provider, found: str, code: str) -> ImplausibleOffers:
    return ImplausibleOffers(provider.slug, f"{found}. Has the response changed?", code=code)


def _offers(number: int) -> str:
    return f"{number} offer" if number == 1 else f"{number} offers"
