"""Panels: the sellers whose prices are compared over time, the same ones on every day that counts."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

COVERED = 0.8  # of the days: on so many the whole panel must have been read
YEAR = timedelta(days=365)


def panel_of(sellers_by_day: Mapping[date, Collection[str]]) -> frozenset[str]:
    """The sellers read on the last day and, all of them together, on 80% of the days of the year before.

    Who was read most often comes first: a seller that would take the panel below that share stays out.
    """
    if not sellers_by_day:
        return frozenset()
    last = max(sellers_by_day)
    year = {day for day in sellers_by_day if day > last - YEAR}
    days_of = {seller: {day for day in year if seller in sellers_by_day[day]} for seller in sellers_by_day[last]}
    panel, days = list[str](), year
    for seller in sorted(days_of, key=lambda seller: (-len(days_of[seller]), seller)):
        both = days & days_of[seller]
        if len(both) >= COVERED * len(year):
            panel, days = [*panel, seller], both
    return frozenset(panel)
