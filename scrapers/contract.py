"""What must be true of a provider's offers before they may be published; pure.

An answer passes, passes with single offers or prices held back, or is refused as a whole.  One that is refused for the
number of its offers is held back like a price that jumped: until a second answer agrees, or an editor decides.

    sift      the offers that are plausible, and those held back, each with its rule and figures
    require   refuses an answer of which too much is missing, unknown, unreadable or implausible
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from scrapers.errors import ImplausibleOffers
from scrapers.normalise import COLUMNS, HeldBack, Normalised, NormalisedOffer, prices_per_gpu_hour, without
from scrapers.offer import Key, Provider

Prices = Mapping[str, Decimal]
"""US dollars per GPU-hour by price column; for an answer held back as a whole, {"offers": the number of its offers}."""

ANSWER: Key = ("", "")
"""Stands for the whole answer where a key of an offer held back is expected."""

SPOT = "price_per_hour_spot"
JUMP = 2  # a price that doubles or halves: the least that confusing per GPU with per node, or two units, would do
AGREES_WITHIN = Decimal("0.1")  # what exchange rates, or a day, may change
_BY_A_SECOND_ANSWER = frozenset({"price_jump", "more_offers", "fewer_offers"})
_SAME = Decimal("1e-9")  # the error of one division more or less
AGREES_AFTER = timedelta(minutes=30)  # sooner, both answers may have the same mistake
KEPT_FOR = timedelta(hours=48)  # how long an offer's last good price is kept where another of its prices is held back


class Band(NamedTuple):
    """Plausible prices in US dollars per GPU-hour, both ends included; a spot price may be as low as `lowest_spot`."""

    lowest: Decimal
    highest: Decimal
    lowest_spot: Decimal | None = None

    def holds(self, column: str, price: Decimal) -> bool:
        """Whether a price of this column is plausible."""
        return self.least(column) <= price <= self.highest

    def least(self, column: str) -> Decimal:
        """The lowest plausible price of this column."""
        return self.lowest if column != SPOT or self.lowest_spot is None else self.lowest_spot


_ANY_GPU = Band(Decimal("0.005"), Decimal(500))


@dataclass(frozen=True, slots=True)
class Bands:
    """A band for each GPU's slug, and a default one for the others."""

    default: Band = _ANY_GPU
    by_gpu: Mapping[str, Band] = field(default_factory=dict)

    def of(self, gpu_slug: str) -> Band:
        """The band of a GPU."""
        return self.by_gpu.get(gpu_slug, self.default)


@dataclass(frozen=True, slots=True)
class HeldBefore:
    """An offer, or a whole answer, that was held back before: its prices, since when, and an editor's verdict."""

    prices: Prices
    since: datetime
    verdict: Literal["waiting", "released", "rejected"] = "waiting"

    def agrees(self, prices: Prices) -> bool:
        """Whether these prices are those held back, give or take a tenth."""
        return bool(prices) and prices.keys() == self.prices.keys() and all(map(self._is_near, prices, prices.values()))

    def lets_through(self, rule: str, observed_at: datetime) -> bool:
        """Whether the same prices, seen again, are accepted now: by an editor, or as those of a second answer."""
        is_second = rule in _BY_A_SECOND_ANSWER and observed_at - self.since >= AGREES_AFTER
        return self.verdict == "released" or (self.verdict == "waiting" and is_second)

    def _is_near(self, column: str, price: Decimal) -> bool:
        return abs(price - self.prices[column]) <= AGREES_WITHIN * self.prices[column]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a provider's offers: how many are stored (None: never any), their prices, and those held back.

    `is_doubted`: the answer that made the stored prices is replayed, so no change from them counts as a jump.
    """

    stored: Mapping[Key, Prices] = field(default_factory=dict)
    held: Mapping[Key, Sequence[HeldBefore]] = field(default_factory=dict)
    offers_n: int | None = None
    is_doubted: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be wrong before everything is refused, as shares of the rows, or of the offers stored before.

    Without a second answer, an answer may have `times` as many offers as are stored, and always `few`; beyond `many`,
    with which a new provider may begin, only `times_of_many` as many.
    """

    remaining: Decimal = Decimal("0.5")
    unknown_names: Decimal = Decimal("0.5")
    wrong: Decimal = Decimal("0.2")
    times: int = 10
    few: int = 200
    many: int = 5000
    times_of_many: int = 2

    def most(self, previous: int | None) -> int:
        """The most offers that are accepted without a second answer, where `previous` are stored."""
        if previous is None:
            return self.many
        return max(self.few, min(self.times * previous, max(self.many, self.times_of_many * previous)))


_OF_THE_ANSWER = frozenset(
    {"unreadable", "price_band", "price_jump", "too_large", "rounds_to_zero", "unknown_currency"}
)
"""Rules that, where they catch many rows, say that the whole answer is wrong."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be stored, what is held back, and the keys of the offers that a second answer confirmed.

    `total` counts all rows of the answer that should have made offers; `no_spot` has the keys of those whose spot price
    was dropped, since it was not below the price on demand.
    """

    total: int
    offers: list[NormalisedOffer] = field(default_factory=list)
    held: list[HeldBack] = field(default_factory=list)
    agreed: list[Key] = field(default_factory=list)
    no_spot: list[Key] = field(default_factory=list)


class AnswerHeldBack(ImplausibleOffers):
    """An answer with far more or far fewer offers than are stored; none of its offers are stored, only `held`."""

    def __init__(self, provider: str, held: HeldBack) -> None:
        wait = "It waits for a second answer that agrees, or an editor: build.py sources quarantine"
        super().__init__(provider, f"{held.detail}. Has the response changed? {wait}", code=held.rule)
        self.held = held


def sift(
    normalised: Normalised,
    observed_at: datetime,
    bands: Bands = Bands(),
    past: Past = Past(),
    unreadable: Sequence[HeldBack] = (),
) -> Checked:
    """Accept or hold back every price, by the market's prices of its GPU and by the last price stored.

    A price outside its GPU's band waits for an editor.  One that jumped from the last price waits for an editor, or for
    a second answer, half an hour later or more, that agrees with the first.  The offer's other prices are published; an
    offer of which all prices are held back is held back as a whole.  A spot price that is not below the price on demand
    is dropped.
    """
    checked = Checked(normalised.found + len(unreadable), held=[*normalised.held, *unreadable])
    odd: dict[Key, list[HeldBack]] = {}
    for one in normalised.odd_prices:
        odd.setdefault((one.instance_type, one.region), []).append(_since_first_held(one, past, observed_at))
    unread = {(one.instance_type, one.region): _since_first_held(one, past, observed_at) for one in unreadable}
    for offer in normalised.offers:
        key, prices = (offer.instance_type, offer.region), prices_per_gpu_hour(offer)
        stored = past.stored.get(key, {})
        found = _implausible(offer, prices, bands.of(offer.gpu_slug), stored, may_jump=past.is_doubted)
        found = found and _unless_agreed(found, past, observed_at, checked)
        if _is_false_spot(prices) and not (found and SPOT in found.columns):
            checked.no_spot.append(key)
            offer = without(offer, [SPOT])  # noqa: PLW2901 (from here on it has none)
        if key in unread and _is_recent(unread[key], observed_at):
            offer = _with_stored_prices(offer, prices)  # noqa: PLW2901
        _place(offer, [*([found] if found else []), *odd.get(key, ())], observed_at, checked)
    return checked


def _unless_agreed(found: HeldBack, past: Past, observed_at: datetime, checked: Checked) -> HeldBack | None:
    """What is held back, with the time since when; None where a second answer or an editor lets it through."""
    key = (found.instance_type, found.region)
    same = next((before for before in past.held.get(key, ()) if before.agrees(found.prices)), None)
    if same and same.lets_through(found.rule, observed_at):
        checked.agreed.extend([key] if same.verdict == "waiting" else [])
        return None
    return replace(found, since=min(same.since, observed_at) if same else observed_at)


def _is_false_spot(prices: Prices) -> bool:
    return SPOT in prices and prices[SPOT] >= prices.get("price_per_hour", prices[SPOT] + 1)


def _since_first_held(held: HeldBack, past: Past, observed_at: datetime) -> HeldBack:
    """What is held back, with the time when it first was; for rules that have no prices to compare."""
    earlier = past.held.get((held.instance_type, held.region), ())
    return replace(held, since=min((observed_at, *(before.since for before in earlier if not before.prices))))


def _is_recent(held: HeldBack, observed_at: datetime) -> bool:
    return observed_at - (held.since or observed_at) < KEPT_FOR


def _with_stored_prices(offer: NormalisedOffer, prices: Prices) -> NormalisedOffer:
    """The offer, keeping stored prices that are missing now: any may have been in its row that could not be read."""
    missing = tuple(column for column in COLUMNS if column not in prices)
    return replace(offer, kept_prices=tuple(dict.fromkeys((*offer.kept_prices, *missing))))


def _place(offer: NormalisedOffer, held: list[HeldBack], observed_at: datetime, checked: Checked) -> None:
    """Add what is left of the offer to `checked.offers`, and what is held back of it to `checked.held`."""
    if not held:
        checked.offers.append(offer)
        return
    columns = tuple(dict.fromkeys(column for one in held for column in one.columns))
    rest = prices_per_gpu_hour(offer).keys() - set(columns)
    if rest:
        checked.offers.append(without(offer, columns, kept=_is_recent(held[0], observed_at)))
    detail = "; ".join(one.detail for one in held)
    checked.held.append(replace(held[0], detail=detail, columns=columns if rest else ()))


def _implausible(
    offer: NormalisedOffer, prices: Prices, band: Band, stored: Prices, *, may_jump: bool
) -> HeldBack | None:
    """The implausible prices, under the stricter rule if both catch some."""
    new = {column: price for column, price in prices.items() if not _is_unchanged(stored.get(column), price)}
    outside, jumped = _outside(offer, new, band), None if may_jump else _jumped(offer, new, stored)
    found = [one for one in (outside, jumped) if one]
    columns = tuple(dict.fromkeys(column for one in found for column in one.columns))
    return replace(found[0], columns=columns, prices={name: prices[name] for name in columns}) if found else None


def require(
    provider: Provider,
    normalised: Normalised,
    checked: Checked,
    past: Past,
    observed_at: datetime,
    left_out: int = 0,
    limits: Limits = Limits(),
) -> None:
    """Raise ImplausibleOffers, with the rule as its code, where the answer as a whole is implausible.

    Where the number of offers is far from that stored, it is AnswerHeldBack.  `left_out` is how many rows a rule left
    out.  One row may always be wrong, even of a few.
    """
    offers_n, stored_n = _of_known_gpus(normalised, checked), past.offers_n
    if not past.is_doubted and offers_n > limits.most(stored_n):
        _hold_back(provider, "more_offers", offers_n, checked, past, observed_at)
    _check_numbers(provider, normalised, checked, stored_n, left_out, limits)
    if not past.is_doubted and provider.minimum_offers and offers_n < limits.remaining * (stored_n or 0):
        _hold_back(provider, "fewer_offers", offers_n, checked, past, observed_at)
    wrong = [one for one in checked.held if one.rule in _OF_THE_ANSWER]
    if len(wrong) > max(Decimal(1), limits.wrong * checked.total):
        problem = f"{len(wrong)} of {_rows(checked.total)} can't be right, the first of them: {wrong[0].detail}"
        raise ImplausibleOffers(provider.slug, problem, code=f"many_{wrong[0].rule}")
    if not checked.offers and not checked.held and checked.total:
        problem = f"none of {_rows(checked.total)} names a known GPU"
        raise ImplausibleOffers(provider.slug, problem, code="unknown_names")
    _check_must_have(provider, checked, left_out + len(normalised.unmapped))


def _outside(offer: NormalisedOffer, prices: Prices, band: Band) -> HeldBack | None:
    """The prices outside the band of the offer's GPU."""
    wrong = [column for column, price in prices.items() if not band.holds(column, price)]
    if not wrong:
        return None
    first = wrong[0]
    figure = f"{first} of {getattr(offer, first)} is {_short(prices[first])} USD per GPU-hour"
    figures = f"{figure}, outside {_short(band.least(first))} to {_short(band.highest)}"
    return _held(offer, "price_band", figures, wrong)


def _jumped(offer: NormalisedOffer, prices: Prices, stored: Prices) -> HeldBack | None:
    """The prices that doubled or halved, or more, since they were stored."""
    wrong = [column for column, price in prices.items() if _is_jump(stored.get(column), price)]
    if not wrong:
        return None
    first = wrong[0]
    figures = f"{first} moved from {_short(stored[first])} to {_short(prices[first])} USD per GPU-hour"
    return _held(offer, "price_jump", f"{figures}, {JUMP} times or more", wrong)


def _is_unchanged(last: Decimal | None, price: Decimal) -> bool:
    """Whether the price is stored already: one that was accepted is not held back because the market moved."""
    return last is not None and abs(price - last) <= _SAME * last


def _is_jump(last: Decimal | None, price: Decimal) -> bool:
    return bool(last) and not (last or 0) < price * JUMP < (last or 0) * JUMP**2


def _held(offer: NormalisedOffer, rule: str, figures: str, columns: Iterable[str]) -> HeldBack:
    detail = f'"{offer.instance_type}": {figures}'
    return HeldBack(offer.instance_type, offer.region, offer.gpu_slug, rule, detail, columns=tuple(columns))


def _short(price: Decimal) -> str:
    return f"{float(price):.4g}"


def _check_numbers(
    provider: Provider,
    normalised: Normalised,
    checked: Checked,
    previous: int | None,
    left_out: int,
    limits: Limits,
) -> None:
    found, last = checked.total, _last(previous)
    where = f"{_offers(found)} in {provider.pricing_url}"
    if found == 0 and provider.minimum_offers:
        raise _changed(provider, where + last, "no_offers")
    unknown = sum(name.offers for name in normalised.unmapped)
    if unknown > limits.unknown_names * found:
        name = max(normalised.unmapped, key=lambda name: name.offers)
        problem = f'unknown GPU names in {unknown} of {_offers(found)}, most often "{name.gpu_name}" ({name.rule})'
        raise ImplausibleOffers(provider.slug, f"{problem}; add them or aliases to sql/seed/", code="unknown_names")
    if found + min(left_out, 1) < provider.minimum_offers:
        raise _changed(provider, f"{where}, expected at least {provider.minimum_offers}{last}", "few_offers")
    if normalised.offers and not checked.held and not any(map(prices_per_gpu_hour, normalised.offers)):
        raise _changed(provider, f"{where}, and not one with a price{last}", "no_prices")


def _of_known_gpus(normalised: Normalised, checked: Checked) -> int:
    """How many offers of known GPUs the answer has, those held back or unreadable included."""
    unreadable = checked.total - normalised.found
    return len(normalised.offers) + len(normalised.held) + unreadable


def _hold_back(
    provider: Provider, rule: str, offers_n: int, checked: Checked, past: Past, observed_at: datetime
) -> None:
    """Raise AnswerHeldBack, unless a second answer or an editor lets that many offers through."""
    detail = f"{_offers(offers_n)} of known GPUs in {provider.pricing_url}{_last(past.offers_n)}"
    found = HeldBack(*ANSWER, "", rule, detail, {"offers": Decimal(offers_n)})
    if held := _unless_agreed(found, past, observed_at, checked):
        raise AnswerHeldBack(provider.slug, held)


def _check_must_have(provider: Provider, checked: Checked, no_offers: int) -> None:
    """Raise where a GPU that must be there is missing, unless a row that made no offer may be the one that has it."""
    offers: list[NormalisedOffer | HeldBack] = [*checked.offers, *checked.held]
    slugs = {offer.gpu_slug for offer in offers}
    missing = [slug for slug in provider.must_have if slug not in slugs]
    if missing and "" not in slugs and not no_offers:
        found = f"{_offers(len(offers))} in {provider.pricing_url}, but none of {' or '.join(missing)}"
        raise _changed(provider, f"{found}, which must be there", "missing_gpu")


def _changed(provider: Provider, found: str, code: str) -> ImplausibleOffers:
    return ImplausibleOffers(provider.slug, f"{found}. Has the response changed?", code=code)


def _last(previous: int | None) -> str:
    return "" if previous is None else f"; the last run had {previous:,}"


def _offers(number: int) -> str:
    return "1 offer" if number == 1 else f"{number:,} offers"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
