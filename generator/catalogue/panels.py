"""Panels: the sellers whose prices are compared over time, the same ones on every day that counts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

COVERED = 0.8  # of the days: on so many the whole panel must have been read
_YEAR = timedelta(days=365)

FloorsByDay = Mapping[date, Mapping[str, Decimal]]
"""Each seller's lowest price per GPU-hour, by day and slug."""


class PanelDay(NamedTuple):
    """A day's lowest price and median over a panel, and between what the middle half lies; per GPU-hour."""

    day: date
    floor: Decimal
    median: Decimal
    p25: Decimal | None = None
    p75: Decimal | None = None


class PanelHistory(NamedTuple):
    """The days on which the whole panel was read."""

    panel: frozenset[str]
    days: list[PanelDay]


def history_of(floors: FloorsByDay) -> PanelHistory:
    """The history of the panel of these sellers; without days where no panel is found."""
    panel = panel_of({day: of for day, of in floors.items() if of})
    days = [
        PanelDay(day, prices[0], *(round(quantile(prices, quarters), 4) for quarters in (2, 1, 3)))
        for day, of in sorted(floors.items())
        if panel <= of.keys() and (prices := sorted(of[seller] for seller in panel))
    ]
    return PanelHistory(panel, days)


def quantile(prices: Sequence[Decimal], quarters: int) -> Decimal:
    """The price that so many quarters of these, in ascending order, do not exceed, as `percentile_cont` takes it."""
    whole, rest = divmod((len(prices) - 1) * quarters, 4)
    below = prices[whole]
    return below + (prices[whole + 1] - below) * rest / 4 if rest else below


def panel_of(sellers_by_day: Mapping[date, Collection[str]]) -> frozenset[str]:
    """The sellers read on the last day and, all of them together, on 80% of the days of the year before.

    Who was read most often comes first: a seller that would take the panel below that share stays out.
    """
    if not sellers_by_day:
        return frozenset()
    last = max(sellers_by_day)
    year = {day for day in sellers_by_day if day > last - _YEAR}
    days_of = {seller: {day for day in year if seller in sellers_by_day[day]} for seller in sellers_by_day[last]}
    panel, days = list[str](), year
    for seller in sorted(days_of, key=lambda seller: (-len(days_of[seller]), seller)):
        both = days & days_of[seller]
        if len(both) >= COVERED * len(year):
            panel, days = [*panel, seller], both
    return frozenset(panel)
