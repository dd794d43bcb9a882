"""A price over time: a step function with gaps where it is not known, in words and as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Literal

from generator import formats
from generator.kept import Kept

_NOTICEABLE = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_START, _VALUE = attrgetter("start"), attrgetter("value")
_KEPT = Kept(4000)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Segment:
    """A price that held from `start` until `end`, both aware."""

    start: datetime
    end: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """One line: observed by this site (`own`), or published by others (`reference`)."""

    label: str
    kind: Literal["own", "reference"]
    segments: tuple[Segment, ...]

    @property
    def name(self) -> str:
        """The label, marked where the readings are someone else's."""
        return f"{self.label} (reference)" if self.kind == "reference" else self.label


def within(segments: Sequence[Segment], start: datetime, end: datetime) -> list[Segment]:
    """Segments in order, cut to a period; a new one ends the one before, and equal neighbours are joined."""
    ordered = sorted(segments, key=_START)
    cuts = [segment.start for segment in ordered[1:]] + [end]
    known: list[Segment] = []
    for segment, cut in zip(ordered, cuts, strict=False):
        first = max(start, segment.start)
        last = min(segment.end, cut, end)
        if first > last or (first == last and segment.start != segment.end):
            continue
        if known and known[-1].end == first and known[-1].value == segment.value:
            first = known.pop().start
        known.append(Segment(first, last, segment.value))
    return known


def known(line: Series, start: datetime, end: datetime) -> Sequence[Segment]:
    """A line's prices within a period.  Several charts show the same line, so they are kept."""
    return _KEPT(within, tuple(line.segments), start, end)


def gaps(known: Sequence[Segment], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Gaps of a day or more in what is known, between the first known price and the period's end."""
    ends = [segment.start for segment in known[1:]] + [end]
    for segment, following in zip(known, ends, strict=False):
        if following - segment.end >= _NOTICEABLE:
            yield segment.end, following


def summarise(series: Sequence[Series], start: datetime, end: datetime) -> str:
    """What the lines show, one line of text each; every figure and day is taken from the segments."""
    return "\n".join(f"{line.name}: {_KEPT(_said, tuple(line.segments), start, end)}." for line in series)


def _said(segments: Sequence[Segment], start: datetime, end: datetime) -> str:
    known = _KEPT(within, segments, start, end)
    if not known:
        return "no prices known in this period"
    first, last = known[0], known[-1]
    year = _last_day(last).year
    since, until = formats.day(first.start, year), formats.day(_last_day(last))
    unknown = _unknown(list(gaps(known, end)), end)
    if all(segment.value == first.value for segment in known):
        return f"{formats.money(first.value)} from {since} to {until}, unchanged{unknown}"
    move = "the same at both ends" if first.value == last.value else formats.change(first.value, last.value)
    return (
        f"from {formats.money(first.value)} on {since} to {formats.money(last.value)} on {until}, {move}; "
        f"{_extremes(known, year)}{unknown}"
    )


def _extremes(known: Sequence[Segment], year: int) -> str:
    low = min(known, key=_VALUE)
    high = max(known, key=_VALUE)
    return (
        f"lowest {formats.money(low.value)} from {formats.day(low.start, year)}, "
        f"highest {formats.money(high.value)} from {formats.day(high.start, year)}"
    )


def _unknown(stretches: Sequence[tuple[datetime, datetime]], end: datetime) -> str:
    if not stretches:
        return ""
    since, until = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    until_day = until - _INSTANT
    said = f"from {formats.day(since, until_day.year)} to {formats.day(until_day)}"
    if until == end:
        said = f"after {formats.day(since - _INSTANT)}"
    if len(stretches) == 1:
        return f"; no prices known {said}"
    return f"; no prices known in {len(stretches)} periods, the longest {said}"


def _last_day(segment: Segment) -> datetime:
    """An instant of the price's last day: a price that held until midnight did not hold on the next day."""
    return max(segment.start, segment.end - _INSTANT)


def table(
    series: Sequence[Series], start: datetime | None = None, end: datetime | None = None, most: int = 20
) -> tuple[tuple[str, ...], ...]:
    """Every price as a row, the newest first, below the headings; at most `most` of each line."""
    rows: list[tuple[str, ...]] = [("Series", "From", "To", "Price")]
    for line in series:
        first = start or min((segment.start for segment in line.segments), default=_ALWAYS)
        last = end or max((segment.end for segment in line.segments), default=_ALWAYS)
        rows.extend((line.name, *row) for row in _KEPT(_rows, tuple(line.segments), first, last, most))
    return tuple(rows)


def _rows(segments: Sequence[Segment], start: datetime, end: datetime, most: int) -> list[tuple[str, ...]]:
    known = _KEPT(within, segments, start, end)
    rows: list[tuple[str, ...]] = [
        (formats.day(segment.start), formats.day(_last_day(segment)), formats.money(segment.value))
        for segment in reversed(known[-most:])
    ]
    return [*rows, ("", "", f"and {len(known) - most} earlier prices")] if len(known) > most else rows
