"""A GPU's price over time: our own observations, and the readings of licensed sources.

Licensed sources add providers over time, and some list interruptible prices as on demand.  Their lines use readings of
whole machines only, from the same panel of providers on each day and in every chart (generator/catalogue/panels.py), of
those whose offers here are complete and on demand.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, Protocol

from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.panels import PanelDay, history_of, quantile
from generator.catalogue.rows import ReferenceRow, StatsRow
from generator.catalogue.slices import view
from generator.charts.trend import Band, Quartiles, Segment, Series
from generator.model.page import Attribution

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)
_INSTANT = timedelta(seconds=1)
ENOUGH_PROVIDERS = 3  # for a median
_ENOUGH_FOR_QUARTILES = 5  # in a panel, which is part of a market
_ENOUGH_FOR_OWN_QUARTILES = 4


class Day(Protocol):
    """A day with its market figures, per GPU-hour."""

    @property
    def day(self) -> date: ...  # noqa: D102
    @property
    def floor(self) -> Decimal: ...  # noqa: D102
    @property
    def median(self) -> Decimal: ...  # noqa: D102


class ReferenceHistory(NamedTuple):
    """A GPU's days as a licensed source (`slug`) read them, and the slugs of the providers that they cover."""

    slug: str
    providers: frozenset[str]
    days: list[PanelDay]


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


@view
def market_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """A GPU's on-demand floor and median of a year: our own, then each licensed source's, the fullest first.

    For all time where the last year has nothing.
    """
    return (*_own_series(catalogue, slug), *_licensed_series(catalogue, slug, _of_last_year(catalogue, slug)))


@view
def market_band(catalogue: Catalogue, slug: str) -> Band | None:
    """The middle half of the prices of the last year: by our own observation, else of the fullest licensed source."""
    if own_days(catalogue, slug):
        return _own_band(catalogue, slug)
    history = next(iter(_of_last_year(catalogue, slug)), None)
    if history is None or len(history.providers) < _ENOUGH_FOR_QUARTILES:
        return None
    spans = (Quartiles(midnight(one.day), midnight(one.day + _DAY), *_middle(one)) for one in history.days)
    return Band(f"the middle half of {len(history.providers)}", tuple(spans))


def _own_band(catalogue: Catalogue, slug: str) -> Band | None:
    """One vote per provider, its cheapest, of the days on which enough of them had a price; today's is that of now."""
    quartiles = {
        row.day: (quantile(floors, 1), quantile(floors, 3))
        for row in catalogue.seller_days.get(slug, ())
        if row.pricing_type == "on_demand" and len(floors := sorted(row.floors)) >= _ENOUGH_FOR_OWN_QUARTILES
    }
    now = None if catalogue.is_all_recorded else _market_now(catalogue, slug)
    if now and now.providers_n >= _ENOUGH_FOR_OWN_QUARTILES:
        quartiles.setdefault(catalogue.day, (now.p25, now.p75))
    days = sorted(quartiles.items())
    spans = tuple(Quartiles(midnight(day), midnight(day + _DAY), *prices) for day, prices in days)
    return Band("the middle half of providers", spans) if spans else None


def _middle(day: PanelDay) -> tuple[Decimal, Decimal]:
    return day.p25 or day.floor, day.p75 or day.median


@view
def floor_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """The lines of lowest prices among those of `market_series`."""
    return tuple(one for one in market_series(catalogue, slug) if "median" not in one.label.lower())


@view
def whole_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """The same for all time."""
    return (*_own_series(catalogue, slug), *_licensed_series(catalogue, slug, _histories(catalogue, slug)))


@view
def licensors_of(catalogue: Catalogue, slug: str) -> tuple[Attribution, ...]:
    """The licensed sources whose readings a GPU's chart shows."""
    rows = [catalogue.reference_sources[history.slug] for history in _histories(catalogue, slug)]
    return tuple(Attribution(row.name, row.url, row.licence, row.attribution) for row in rows)


@view
def credits_of(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The names and licences to credit beside a GPU's chart."""
    return tuple(map(credited, licensors_of(catalogue, slug)))


def credited(source: Attribution) -> str:
    """How charts credit a licensed source."""
    return f"{source.name} ({source.licence})"


@view
def left_out_readings(catalogue: Catalogue) -> tuple[ReadingsLeftOut, ...]:
    """The readings of licensed sources that no chart shows, by source and rule, the most first."""
    found = [
        ReadingsLeftOut(catalogue.reference_sources[row.source_slug].name, _LEFT_OUT[row.rule], row.readings_n)
        for row in catalogue.readings_left_out.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.source, -one.readings_n)))


@view
def change_over(catalogue: Catalogue, slug: str) -> Decimal | None:
    """The change of the floor in 30 days, as a ratio, by our own observation; None unless both ends are known.

    A licensed source's floor is that of other sellers: its change is not the change of the floor that pages state.
    """
    now, then = _floor_now(catalogue, slug), catalogue.earlier_floors.get(slug)
    return round(now / then.floor - 1, 4) if now and then else None


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
    own = len(own_days(catalogue, slug))
    return max(own, *(len(history.days) for history in _of_last_year(catalogue, slug)), 0)


@view
def end_of_day(catalogue: Catalogue) -> datetime:
    """The instant at which charts end: the end of the day that the site describes."""
    return midnight(catalogue.day) + timedelta(days=1) - _INSTANT


def sells_on_demand(catalogue: Catalogue, gpu: str, provider: str) -> bool:
    """Whether others' on-demand price of a GPU can be one: it has a complete offer here, or none at all."""
    offers = [offer for offer in catalogue.offers_by_gpu.get(gpu, ()) if offer.provider_slug == provider]
    return not offers or any(offer.price_basis == "complete" and offer.price_per_gpu_hour for offer in offers)


def own_days(catalogue: Catalogue, slug: str) -> Sequence[Day]:
    """The days of our own observations; today's figures are those of now, as everywhere else."""
    days: list[Day] = list(catalogue.trends.get(slug, []))
    if not days or catalogue.is_all_recorded or days[-1].day >= catalogue.day:
        return days
    now = _market_now(catalogue, slug)
    return [*days, PanelDay(catalogue.day, now.floor, now.median)] if now else days


def _licensed_series(catalogue: Catalogue, slug: str, histories: Iterable[ReferenceHistory]) -> Iterator[Series]:
    for history in histories:
        name = catalogue.reference_sources[history.slug].name
        yield reference_line(_label(catalogue, name, history.providers), history.days, "floor")
        if len(history.providers) >= ENOUGH_PROVIDERS:
            yield reference_line(f"{name}: median of {len(history.providers)}", history.days, "median")


@view
def _own_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """Our own floor and median; charts of any span show the same lines."""
    own, read = own_days(catalogue, slug), _last_read(catalogue, slug)
    return (own_line("Lowest", own, "floor", read), own_line("Median", own, "median", read)) if own else ()


def _last_read(catalogue: Catalogue, slug: str) -> datetime | None:
    """When any of the prices that count now was last read; for some time they count without being confirmed."""
    offers = (one for one in catalogue.offers_by_gpu.get(slug, ()) if one.price_per_gpu_hour and not one.is_recorded)
    return max((one.last_confirmed_at for one in offers if one.price_basis == "complete"), default=None)


@view
def _histories(catalogue: Catalogue, slug: str) -> tuple[ReferenceHistory, ...]:
    """Each source's history, the most providers first."""
    rows = catalogue.reference_trends.get(slug, [])
    by_source = groupby(rows, key=attrgetter("source_slug"))
    found = [_history(catalogue, slug, name, list(days)) for name, days in by_source]
    return tuple(sorted(filter(None, found), key=lambda history: (-len(history.providers), history.slug)))


def _of_last_year(catalogue: Catalogue, slug: str) -> tuple[ReferenceHistory, ...]:
    """The histories' last year; all of them where it has nothing."""
    histories, first = _histories(catalogue, slug), catalogue.day - _YEAR
    cut = [history._replace(days=[day for day in history.days if day.day >= first]) for history in histories]
    return tuple(history for history in cut if history.days) or histories


def _history(catalogue: Catalogue, gpu: str, name: str, rows: Sequence[ReferenceRow]) -> ReferenceHistory | None:
    """A source's history over its panel; None where it has none."""
    able = {seller for row in rows for seller in row.providers if sells_on_demand(catalogue, gpu, seller)}
    found = history_of(
        {
            row.day: {seller: price for seller, price in zip(row.providers, row.floors, strict=True) if seller in able}
            for row in rows
        }
    )
    return ReferenceHistory(name, *found) if found.days else None


def _label(catalogue: Catalogue, source: str, providers: Collection[str]) -> str:
    """The name of a source's line of lowest prices: the lowest of how many providers."""
    if len(providers) > 1:
        return f"{source}: lowest of {len(providers)}"
    (slug,) = providers
    return f"{catalogue.providers[slug].display_name if slug in catalogue.providers else slug}, by {source}"


def own_line(label: str, days: Sequence[Day], figure: str, read_until: datetime | None = None) -> Series:
    """A line of our own observations; `figure` is the field of the days that it shows.

    After `read_until` nobody read any of its prices.
    """
    *before, last = _segments(map(attrgetter("day", figure), days))
    return Series(label, "own", (*before, replace(last, read_until=read_until)))


def reference_line(label: str, days: Sequence[Day], figure: str) -> Series:
    """A line of a licensed source's readings."""
    return Series(label, "reference", tuple(_segments(map(attrgetter("day", figure), days))))


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
