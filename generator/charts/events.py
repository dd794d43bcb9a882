"""What happened on a chart's days: single providers' price changes as marks above the lines."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from generator import formats
from generator.charts import svg
from generator.charts.legend import Key
from generator.charts.steps import Grid

MOST = 5
_LETTERS = 52
_UP, _DOWN = "▴", "▾"
KEY = Key(f"{_UP}{_DOWN}", "key", "largest price changes")


class Event(NamedTuple):
    """A price change in words; `ratio` is the new price divided by the old one, which is above zero."""

    at: datetime
    words: str
    ratio: Decimal

    @property
    def size(self) -> Decimal:
        """How large the change is: twice as much is as large as half."""
        return max(self.ratio, 1 / self.ratio) if self.ratio else Decimal("Infinity")


def largest(events: Iterable[Event], start: datetime, end: datetime, most: int = MOST) -> Sequence[Event]:
    """The largest events within a period, in order of time."""
    within = [event for event in events if start <= event.at < end]
    return sorted(sorted(within, key=lambda event: (-event.size, event.at))[:most])


def summarise(events: Sequence[Event]) -> str:
    """The same in words; "" for none."""
    return "Largest price changes observed: {}.".format("; ".join(map(_said, events))) if events else ""


def marks(events: Sequence[Event], grid: Grid, top: int, foot: int) -> str:
    """A mark above the plot for each with a line down through it, with what the page's script says of it."""
    drawn = "".join(_mark(event, grid, top, foot) for event in events)
    return f'<g text-anchor="middle">{drawn}</g>' if drawn else ""


def _mark(event: Event, grid: Grid, top: int, foot: int) -> str:
    x = svg.part((event.at - grid.start) / (grid.end - grid.start))
    return (
        f'<line class="grid" x1="{x}" x2="{x}" y1="{top - 6}" y2="{foot}"/>'
        f'<text class="event" x="{x}" y="{top - 5}" data-at="{grid.x(event.at)}" '
        f'data-said="{svg.text(svg.shortened(event.words, _LETTERS))}">{_UP if event.ratio > 1 else _DOWN}</text>'
    )


def _said(event: Event) -> str:
    return f"{formats.day(event.at)}, {event.words}"
