"""A GPU's price over time: our own observations, and what licensed sources read before us."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Literal, NamedTuple, Protocol

from generator.catalogue import Catalogue, view
from generator.charts.trend import Segment, Series
from generator.rows import ReferenceRow

_MONTH = timedelta(days=30)
_INSTANT = timedelta(seconds=1)
ENOUGH_PROVIDERS = 3  # for a median


class Day(Protocol):
    """A day with its market figures, per GPU-hour."""

    @property
    def day(self) -> date: ...  # noqa: D102
    @property
    def floor(self) -> Decimal: ...  # noqa: D102
    @property
    def median(self) -> Decimal: ...  # noqa: D102


class Change(NamedTuple):
    """How a floor moved, as a ratio, and whose readings say so: "" for our own."""

    ratio: Decimal
    source: str


@view
def market_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """A GPU's on-demand floor and median: our own days, then each licensed source's, the fullest first."""
    own = catalogue.trends.get(slug, [])
    series = [_series("Lowest", "own", own, "floor"), _series("Median", "own", own, "median")] if own else []
    for source, days in _sources(catalogue, slug):
        name = catalogue.reference_sources[source].name
        series.append(_series(_label(catalogue, name, days), "reference", days, "floor"))
        if enough := [day for day in days if len(day.providers) >= ENOUGH_PROVIDERS]:
            series.append(_series(f"{name}: median", "reference", enough, "median"))
    return tuple(series)


@view
def credits_of(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """Who must be named beside a GPU's chart, with the licence."""
    sources = [catalogue.reference_sources[source] for source, _ in _sources(catalogue, slug)]
    return tuple(f"{source.name} ({source.licence})" for source in sources)


@view
def change_over(catalogue: Catalogue, slug: str) -> Change | None:
    """How the floor moved in 30 days; None where both ends are not known from one source."""
    own: list[tuple[str, Sequence[Day]]] = [("", catalogue.trends.get(slug, []))]
    for source, days in own + [(name, days) for name, days in _sources(catalogue, slug)]:
        by_day = {day.day: day.floor for day in days}
        now, then = by_day.get(catalogue.as_of.date()), by_day.get((catalogue.as_of - _MONTH).date())
        if now and then:
            named = catalogue.reference_sources[source].name if source else ""
            return Change(round(now / then - 1, 4), named)
    return None


@view
def end_of_day(catalogue: Catalogue) -> datetime:
    """Where charts end: the end of the day that the site describes."""
    return midnight(catalogue.as_of.date()) + timedelta(days=1) - _INSTANT


def midnight(day: date) -> datetime:
    """The start of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def _sources(catalogue: Catalogue, slug: str) -> list[tuple[str, list[ReferenceRow]]]:
    """Each source's days, the one with most providers first.

    A source that only repeats providers of a fuller one is left out, and so is a single provider's beside a market's.
    """
    rows = catalogue.reference_trends.get(slug, [])
    groups = [(source, list(days)) for source, days in groupby(rows, key=lambda row: row.source_slug)]
    told: set[str] = set()
    chosen = []
    for source, days in sorted(groups, key=lambda group: (-len(_providers(group[1])), group[0])):
        if not _providers(days) <= told and (len(_providers(days)) > 1 or not told):
            told |= _providers(days)
            chosen.append((source, days))
    return chosen


def _label(catalogue: Catalogue, source: str, days: Iterable[ReferenceRow]) -> str:
    """What a source's lowest price is the lowest of."""
    providers = _providers(days)
    if len(providers) > 1:
        return f"{source}: lowest"
    (slug,) = providers
    return f"{catalogue.providers[slug].display_name if slug in catalogue.providers else slug}, by {source}"


def _providers(days: Iterable[ReferenceRow]) -> set[str]:
    return {provider for day in days for provider in day.providers}


def _series(label: str, kind: Literal["own", "reference"], days: Sequence[Day], figure: str) -> Series:
    points = [(day.day, getattr(day, figure)) for day in days]
    return Series(label, kind, tuple(_segments(points)))


def _segments(points: Sequence[tuple[date, Decimal]]) -> Iterable[Segment]:
    """Days of equal value that follow each other make one segment; one that nothing follows ends within its day."""
    runs: list[tuple[date, date, Decimal]] = []
    for day, price in points:
        following = day + timedelta(days=1)
        if runs and runs[-1][1:] == (day, price):
            runs[-1] = (runs[-1][0], following, price)
        else:
            runs.append((day, following, price))
    starts = {start for start, _, _ in runs}
    for start, end, value in runs:
        yield Segment(midnight(start), midnight(end) - (_INSTANT if end not in starts else timedelta()), value)
