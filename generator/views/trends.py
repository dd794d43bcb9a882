"""A GPU's price over time: our own observations, and what licensed sources read before us."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Literal, Protocol

from generator.catalogue import Catalogue, view
from generator.charts.trend import Segment, Series
from generator.rows import ReferenceRow

_MONTH = timedelta(days=30)
_INSTANT = timedelta(seconds=1)


class Day(Protocol):
    """A day with its market figures, per GPU-hour."""

    @property
    def day(self) -> date: ...  # noqa: D102
    @property
    def floor(self) -> Decimal: ...  # noqa: D102
    @property
    def median(self) -> Decimal: ...  # noqa: D102


@view
def market_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """A GPU's on-demand floor and median: our own days, then each licensed source's, the fullest first."""
    own = catalogue.trends.get(slug, [])
    series = [_series("Lowest", "own", own, "floor"), _series("Median", "own", own, "median")] if own else []
    for source_slug, days in _by_source(catalogue, slug):
        name = catalogue.reference_sources[source_slug].name
        series.append(_series(f"{name}: lowest", "reference", days, "floor"))
        if max(day.providers_n for day in days) > 1:
            series.append(_series(f"{name}: median", "reference", days, "median"))
    return tuple(series)


@view
def credits_of(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """Who must be named beside a GPU's chart, with the licence."""
    return tuple(
        f"{source.name} ({source.licence})"
        for source_slug, _ in _by_source(catalogue, slug)
        if (source := catalogue.reference_sources[source_slug])
    )


@view
def change_over(catalogue: Catalogue, slug: str) -> Decimal | None:
    """How the floor moved in 30 days, as a ratio; None where both ends are not known from one source."""
    sources: list[Sequence[Day]] = [days for _, days in _by_source(catalogue, slug)]
    for days in (catalogue.trends.get(slug, []), *sources):
        by_day = {day.day: day.floor for day in days}
        now, then = by_day.get(catalogue.as_of.date()), by_day.get((catalogue.as_of - _MONTH).date())
        if now and then:
            return round(now / then - 1, 4)
    return None


@view
def end_of_day(catalogue: Catalogue) -> datetime:
    """Where charts end: the end of the day that the site describes."""
    return midnight(catalogue.as_of.date()) + timedelta(days=1) - _INSTANT


def midnight(day: date) -> datetime:
    """The start of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def _by_source(catalogue: Catalogue, slug: str) -> list[tuple[str, list[ReferenceRow]]]:
    rows = catalogue.reference_trends.get(slug, [])
    groups = [(source, list(days)) for source, days in groupby(rows, key=lambda row: row.source_slug)]
    return sorted(groups, key=lambda group: (-max(row.providers_n for row in group[1]), group[0]))


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
