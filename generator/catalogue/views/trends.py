"""A GPU's price over time: our own observations, and the readings of licensed sources.

Licensed sources add providers over time, and some list interruptible prices as on demand.  Their lines use readings of
whole machines only, from the same comparable providers on each day: those read on nearly every day, whose offers here
are complete and on demand.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Literal, NamedTuple, Protocol

from generator.catalogue.catalogue import CHANGE_DAYS, Catalogue, midnight
from generator.catalogue.rows import ReferenceRow, StatsRow
from generator.catalogue.slices import view
from generator.charts.trend import Segment, Series
from generator.formats import day as on_day
from generator.model.page import Attribution

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTH = timedelta(days=CHANGE_DAYS)
_YEAR = timedelta(days=365)
_INSTANT = timedelta(seconds=1)
_NEARLY_ALL_DAYS = 0.95
ENOUGH_PROVIDERS = 3  # for a median


class Day(Protocol):
    """A day with its market figures, per GPU-hour."""

    @property
    def day(self) -> date: ...  # noqa: D102
    @property
    def floor(self) -> Decimal: ...  # noqa: D102
    @property
    def median(self) -> Decimal: ...  # noqa: D102


class ReferenceDay(NamedTuple):
    """A day's market figures over a licensed source's comparable providers, per GPU-hour."""

    day: date
    floor: Decimal
    median: Decimal


class ReferenceHistory(NamedTuple):
    """A GPU's days as a licensed source (`slug`) read them, and the slugs of the providers that they cover."""

    slug: str
    providers: frozenset[str]
    days: list[ReferenceDay]


@dataclass(frozen=True, slots=True)
class ReadingsLeftOut:
    """How many of a licensed source's readings are in no chart, and why."""

    source: str
    meaning: str
    readings_n: int


# By rule of tools/make_reference_history.py.  Readings of the first two are stored with their basis; the others were
# left out when the readings were gathered.
_LEFT_OUT = {
    "gpu_only": "For the GPU alone; the machine that it needs is charged separately",
    "bundle": "For a platform that runs models, with its software included",
    "before_price_cut": "Still the old price after an announced price cut",
    "contradicts_official": "More than 5% from every price that the provider itself stated for the GPU that day",
    "spot_not_below": "A spot price that is not below the on-demand price",
    "wrong_gpu": "Listed under a GPU that the provider does not sell, or sells at another price",
    "average": "An average, not a price at which anything can be rented",
    "carried_forward": "An old price, repeated after a failed reading",
    "share_of_a_gpu": "For less than a whole GPU",
    "dearer_beside": "More expensive than another machine or tier with the same GPUs, which counts instead",
}


class Change(NamedTuple):
    """The change of a floor, as a ratio, and whose readings show it: "" for our own."""

    ratio: Decimal
    source: str


@view
def month_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """A GPU's on-demand floor and median of 30 days: our own, then each licensed source's, the fullest first."""
    return _series_since(catalogue, slug, _MONTH)


@view
def market_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """The same for a year; for all time where the last year has nothing."""
    return _series_since(catalogue, slug, _YEAR)


@view
def licensors_of(catalogue: Catalogue, slug: str) -> tuple[Attribution, ...]:
    """The licensed sources whose readings a GPU's chart shows."""
    rows = [catalogue.reference_sources[history.slug] for history in _histories(catalogue, slug, _YEAR)]
    return tuple(Attribution(row.name, row.url, row.licence, row.attribution) for row in rows)


@view
def credits_of(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The names and licences to credit beside a GPU's chart."""
    return tuple(f"{source.name} ({source.licence})" for source in licensors_of(catalogue, slug))


@view
def left_out_readings(catalogue: Catalogue) -> tuple[ReadingsLeftOut, ...]:
    """The readings of licensed sources that no chart shows, by source and rule, the most first."""
    found = [
        ReadingsLeftOut(catalogue.reference_sources[row.source_slug].name, _LEFT_OUT[row.rule], row.readings_n)
        for row in catalogue.readings_left_out.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.source, -one.readings_n)))


@view
def change_over(catalogue: Catalogue, slug: str) -> Change | None:
    """The change of the floor in 30 days; None unless one source knows both ends.

    From our own prices up to now, else from a licensed source's up to its newest reading, which may be a week old.
    """
    today = catalogue.day
    now, then = _floor_now(catalogue, slug), catalogue.earlier_floors.get(slug)
    if now and then:
        return Change(_ratio(now, then.floor), "")
    for history in _histories(catalogue, slug, _MONTH + _WEEK):
        last = max((day.day for day in history.days), default=today)
        ratio = _change(history.days, last, today)
        if ratio is not None:
            until = "" if last == today else f", to {on_day(last, today.year)}"
            return Change(ratio, catalogue.reference_sources[history.slug].name + until)
    return None


def _change(days: Sequence[Day], last: date, today: date) -> Decimal | None:
    by_day = {day.day: day.floor for day in days}
    now, then = by_day.get(last), by_day.get(last - _MONTH)
    return _ratio(now, then) if now and then and today - last <= _WEEK else None


def _ratio(now: Decimal, then: Decimal) -> Decimal:
    return round(now / then - 1, 4)


def _floor_now(catalogue: Catalogue, slug: str) -> Decimal | None:
    """The floor by our own observation; None where all prices are recorded."""
    market = None if catalogue.is_all_recorded else _market_now(catalogue, slug)
    return market.floor if market else None


def _market_now(catalogue: Catalogue, slug: str) -> StatsRow | None:
    found = catalogue.stats_by_gpu.get(slug, [])
    return next((row for row in found if (row.pricing_type, row.segment) == ("on_demand", "")), None)


@view
def days_known(catalogue: Catalogue, slug: str) -> int:
    """The number of days in a GPU's longest history: our own, or a licensed source's."""
    own = len(_own_days(catalogue, slug))
    return max(own, *(len(history.days) for history in _histories(catalogue, slug, _YEAR)), 0)


@view
def end_of_day(catalogue: Catalogue) -> datetime:
    """The instant at which charts end: the end of the day that the site describes."""
    return midnight(catalogue.day) + timedelta(days=1) - _INSTANT


def sells_on_demand(catalogue: Catalogue, gpu: str, provider: str) -> bool:
    """Whether others' on-demand price of a GPU can be one: it has a complete offer here, or none at all."""
    offers = [offer for offer in catalogue.offers_by_gpu.get(gpu, ()) if offer.provider_slug == provider]
    return not offers or any(offer.price_basis == "complete" and offer.price_per_gpu_hour for offer in offers)


def _own_days(catalogue: Catalogue, slug: str) -> Sequence[Day]:
    """The days of our own observations; today's figures are those of now, as everywhere else."""
    days: list[Day] = list(catalogue.trends.get(slug, []))
    if not days or catalogue.is_all_recorded or days[-1].day >= catalogue.day:
        return days
    now = _market_now(catalogue, slug)
    return [*days, ReferenceDay(catalogue.day, now.floor, now.median)] if now else days


def _series_since(catalogue: Catalogue, slug: str, span: timedelta) -> tuple[Series, ...]:
    series = list(_own_series(catalogue, slug))
    for history in _histories(catalogue, slug, span):
        name = catalogue.reference_sources[history.slug].name
        series.append(_series(_label(catalogue, name, history.providers), "reference", history.days, "floor"))
        if len(history.providers) >= ENOUGH_PROVIDERS:
            series.append(_series(f"{name}: median of {len(history.providers)}", "reference", history.days, "median"))
    return tuple(series)


@view
def _own_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """Our own floor and median; charts of any span show the same lines."""
    own = _own_days(catalogue, slug)
    return (_series("Lowest", "own", own, "floor"), _series("Median", "own", own, "median")) if own else ()


def _histories(catalogue: Catalogue, slug: str, span: timedelta) -> list[ReferenceHistory]:
    """Each source's history in a span (of a year: of all time where it has nothing), the most providers first.

    A source that covers only providers of a fuller one is left out, and so is a single provider's beside a market's.
    """
    rows = catalogue.reference_trends.get(slug, [])
    first = catalogue.day - span
    rows = [row for row in rows if row.day >= first] or (rows if span == _YEAR else [])
    found = [
        _history(catalogue, slug, name, list(days)) for name, days in groupby(rows, key=lambda row: row.source_slug)
    ]
    covered: set[str] = set()
    chosen = []
    for history in sorted(found, key=lambda history: (-len(history.providers), history.slug)):
        if history.days and not history.providers <= covered and (len(history.providers) > 1 or not covered):
            covered |= history.providers
            chosen.append(history)
    return chosen


def _history(catalogue: Catalogue, gpu: str, name: str, rows: Sequence[ReferenceRow]) -> ReferenceHistory:
    times = Counter(provider for row in rows for provider in row.providers)
    same = frozenset(
        provider
        for provider, count in times.items()
        if count >= _NEARLY_ALL_DAYS * len(rows) and sells_on_demand(catalogue, gpu, provider)
    )
    days = [
        ReferenceDay(row.day, min(prices), round(median(prices), 4))
        for row in rows
        if same.issubset(row.providers)
        and (prices := [price for provider, price in zip(row.providers, row.floors, strict=True) if provider in same])
    ]
    return ReferenceHistory(name, same, days)


def _label(catalogue: Catalogue, source: str, providers: Collection[str]) -> str:
    """The name of a source's line of lowest prices: the lowest of how many providers."""
    if len(providers) > 1:
        return f"{source}: lowest of {len(providers)}"
    (slug,) = providers
    return f"{catalogue.providers[slug].display_name if slug in catalogue.providers else slug}, by {source}"


def _series(label: str, kind: Literal["own", "reference"], days: Sequence[Day], figure: str) -> Series:
    value = attrgetter("day", figure)
    return Series(label, kind, tuple(_segments(map(value, days))))


def _segments(points: Iterable[tuple[date, Decimal]]) -> Iterable[Segment]:
    """Consecutive days of equal value as one segment; a segment that none follows ends within its last day."""
    runs: list[tuple[date, date, Decimal]] = []
    for day, price in points:
        start, end, value = runs[-1] if runs else (day, day, None)
        if end == day and value == price:
            runs[-1] = start, day + _DAY, price
        else:
            runs.append((day, day + _DAY, price))
    starts = {start for start, _, _ in runs}
    for start, end, value in runs:
        yield Segment(midnight(start), midnight(end) - (_INSTANT if end not in starts else timedelta()), value)
