"""Availability day by day: one row, in which the higher a day is drawn, the more could be rented on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from generator import formats
from generator.charts import scale, svg
from generator.charts.legend import Key, legend

State = Literal["in", "out", "listed", "absent"]
_TOP, _HEIGHT, _FOOT = 6, 26, 22
_AXIS = _TOP + _HEIGHT
_NEAR_AN_END = 0.08
_DAY = timedelta(days=1)


class _Look(NamedTuple):
    """A state in words, its sign and colour in the legend, and the height of its days."""

    words: str
    sign: str
    colour: str
    height: int


_LOOKS: dict[State, _Look] = {
    "in": _Look("in stock", "█", "t1 key", 26),
    "out": _Look("sold out", "▄", "t2 key", 13),
    "listed": _Look("listed, stock not stated", "▂", "t5 key", 7),
    "absent": _Look("not listed", "▁", "t5 key", 2),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, from the first to the last, on which a GPU was in one state."""

    first: date
    last: date
    state: State

    @property
    def days_n(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


def strip(stretches: Sequence[Stretch], *, title: str) -> str:
    """The days in order; those of which nothing is known stay empty.  "" for fewer than two known days or states."""
    if len({one.state for one in stretches}) < 2:
        return ""
    first, days_n = stretches[0].first, (stretches[-1].last - stretches[0].first).days + 1
    keys = [Key(look.sign, look.colour, look.words) for state, look in _LOOKS.items() if state in _days(stretches)]
    below = legend(keys, _AXIS + _FOOT)
    return svg.chart(
        "strip",
        title,
        finding(stretches),
        _AXIS + _FOOT + below.height,
        f'<line class="axis" x2="100%" y1="{_AXIS}" y2="{_AXIS}" stroke="currentColor"/>',
        f'<svg viewBox="0 0 {days_n} {_HEIGHT}" preserveAspectRatio="none" y="{_TOP}" height="{_HEIGHT}">',
        *(_mark(one, first) for one in stretches),
        "</svg>",
        _axis(first, days_n),
        *below.rows,
    )


def finding(stretches: Sequence[Stretch]) -> str:
    """On how many of the days known it was in which state, in one sentence."""
    days = _days(stretches)
    counts = [(look.words, days[state]) for state, look in _LOOKS.items() if days[state]]
    (words, n), *others = counts
    rest = "".join(f", {words} on {n}" for words, n in others)
    last = stretches[-1]
    return (
        f"{words[0].upper()}{words[1:]} on {n} of {formats.plural(days.total(), 'known day')}{rest}; "
        f"{_LOOKS[last.state].words} on the last, {formats.day(last.last)}."
    )


def table(stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
    """The same data as rows, the oldest first, below the headings."""
    rows = (
        (formats.day(one.first), formats.day(one.last), str(one.days_n), _LOOKS[one.state].words) for one in stretches
    )
    return (("From", "To", "Days", "State"), *rows)


def _days(stretches: Sequence[Stretch]) -> Counter[State]:
    """The number of days by state."""
    days = Counter[State]()
    for one in stretches:
        days[one.state] += one.days_n
    return days


def _mark(one: Stretch, first: date) -> str:
    height = _LOOKS[one.state].height
    x, y = (one.first - first).days, _HEIGHT - height
    return f'<path class="mark {one.state}" d="M{x} {y}h{one.days_n}v{height}h-{one.days_n}z"/>'


def _axis(first: date, days_n: int) -> str:
    start, end = _midnight(first), _midnight(first + days_n * _DAY)
    return "".join(_tick(scale.share_of_time(moment, start, end), label) for moment, label in _ticks(start, end))


def _ticks(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """A few labelled days; the first one where the axis would have no other."""
    return scale.time_ticks(start, end) or [(start, formats.day(start, start.year))]


def _tick(share: float, label: str) -> str:
    x = svg.part(share)
    anchor = "start" if share < _NEAR_AN_END else "end" if share > 1 - _NEAR_AN_END else "middle"
    return (
        f'<line class="axis" x1="{x}" x2="{x}" y1="{_AXIS}" y2="{_AXIS + 4}" stroke="currentColor"/>'
        f'<text class="tick" x="{x}" y="{_AXIS + 17}" text-anchor="{anchor}">{label}</text>'
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
