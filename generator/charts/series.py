"""A price over time: a step function with gaps where it is not known, in words and as a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Literal

from generator import formats
from generator.kept import Kept

_NOTICEABLE = timedelta(days=1)
_LONGEST_STEP = timedelta(days=4096)
_INSTANT, _SECOND = timedelta(microseconds=1), timedelta(seconds=1)
_START, _VALUE = attrgetter("start"), attrgetter("value")
_KEPT = Kept(4000)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Segment:
    """A price that held from `start` until `end`, both aware; `read_until` is when it was last read, where known."""

    start: datetime
    end: datetime
    value: Decimal
    read_until: datetime | None = None

    @property
    def carried_from(self) -> datetime | None:
        """When it was last read, where it was carried forward for whole days after that."""
        whole_days = (self.end + _SECOND).astimezone(UTC).date() - _NOTICEABLE
        return self.read_until if self.read_until and self.read_until.astimezone(UTC).date() < whole_days else None


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

    @property
    def short(self) -> str:
        """What the line is, without who read it: "median of 12", "Lambda"."""
        return self._parts[0]

    @property
    def reader(self) -> str:
        """Who read a reference line: "ComputePrices"."""
        return self._parts[1]

    @property
    def _parts(self) -> tuple[str, str]:
        reader, colon, what = self.label.rpartition(": ")
        if self.kind == "own" or not (colon or ", by " in self.label):
            return self.label, ""
        what, _, after = what.partition(", by ")
        return what, reader or after


def short_names(series: Sequence[Series]) -> list[str]:
    """The lines' short names; those that several lines would have, with who read them."""
    often = Counter(line.short for line in series)
    return [f"{line.short}, {line.reader}" if line.reader and often[line.short] > 1 else line.short for line in series]


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
        known.append(Segment(first, last, segment.value, segment.read_until))
    return known


def known(line: Series, start: datetime, end: datetime) -> Sequence[Segment]:
    """A line's prices within a period.  Several charts show the same line, so they are kept."""
    return _KEPT(within, tuple(line.segments), start, end)


def thinned(known: Sequence[Segment], most: int) -> Sequence[Segment]:
    """The same line in steps of so many days that there are at most `most`, or hardly more where gaps part them.

    Of each such time the price stays that stood longest; the lowest and the highest of all always stay, and no gap of
    a day or more is filled.
    """
    return known if len(known) <= most else _KEPT(_thin, known, most)


def _thin(known: Sequence[Segment], most: int) -> Sequence[Segment]:
    width = max((known[-1].end - known[0].start) / most, 2 * _NOTICEABLE)
    drawn = _coarser(known, width)
    while len(drawn) > most and width < _LONGEST_STEP:
        width *= 2
        drawn = _coarser(known, width)
    return drawn


def _coarser(known: Sequence[Segment], width: timedelta) -> list[Segment]:
    values = [segment.value for segment in known]
    kept = min(values), max(values)
    pieces: list[list[Segment]] = []
    until = before = known[0].start
    for segment in known:
        if pieces and segment.end <= until and segment.start - before < _NOTICEABLE:
            pieces[-1].append(segment)
        else:
            pieces.append([segment])
            until = segment.start + width
        before = segment.end
    return [Segment(piece[0].start, piece[-1].end, _standing(piece, kept)) for piece in pieces]


def _standing(piece: Sequence[Segment], kept: Sequence[Decimal]) -> Decimal:
    """The price that stood longest; one of those to be kept where there is any."""
    if len(piece) == 1:
        return piece[0].value
    return next((one.value for one in piece if one.value in kept), None) or max(piece, key=_length).value


def _length(segment: Segment) -> timedelta:
    return segment.end - segment.start


def gaps(known: Sequence[Segment], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Gaps of a day or more in what is known, between the first known price and the period's end."""
    ends = [segment.start for segment in known[1:]] + [end]
    for segment, following in zip(known, ends, strict=False):
        if following - segment.end >= _NOTICEABLE:
            yield segment.end, following


def finding(series: Sequence[Series], start: datetime, end: datetime) -> str:
    """The first line's way in one sentence; with `summarise` for all of them."""
    line = series[0]
    found = known(line, start, end)
    if not found:
        return f"{_opening(line)}: no prices known in this period."
    first, last = found[0], found[-1]
    until, since = formats.day(_last_day(last)), formats.day(first.start, _last_day(last).year)
    now, then = formats.money(last.value), formats.money(first.value)
    move = "as" if now == then else f"{formats.change(first.value, last.value)} from {then}"
    moved = f", {move} on {since}" if first.start.date() != _last_day(last).date() else ""
    return f"{_opening(line)}: {now} on {until}{moved}{_how_old(last, end)}."


def _how_old(last: Segment, end: datetime) -> str:
    """Since when nobody has read a line's last price, and since when none is known, where that is before its end."""
    until = formats.day(_last_day(last), _last_day(last).year)
    read = last.carried_from and formats.day(last.carried_from, _last_day(last).year)
    carried = f"; last read on {read}, carried forward until {until}" if read else ""
    return f"{carried}; none known after {until}" if end - last.end >= _NOTICEABLE else carried


def _opening(line: Series) -> str:
    """A line's name at the start of a sentence; our own may be a machine's, which stays as it is."""
    return line.short if line.kind == "own" else line.short[:1].upper() + line.short[1:]


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
    unknown = f"{_unknown(list(gaps(known, end)), end)}{_carried(known)}"
    if all(segment.value == first.value for segment in known):
        return f"{formats.money(first.value)} from {since} to {until}, unchanged{unknown}"
    move = "the same at both ends" if first.value == last.value else formats.change(first.value, last.value)
    return (
        f"from {formats.money(first.value)} on {since} to {formats.money(last.value)} on {until}, {move}; "
        f"{_extremes(known, year)}{unknown}"
    )


def _carried(known: Sequence[Segment]) -> str:
    """For how long prices counted that nobody read again."""
    times = [(one.end - one.carried_from, one.carried_from, _last_day(one)) for one in known if one.carried_from]
    if not times:
        return ""
    _, since, until = max(times)
    often = "" if len(times) == 1 else f" {len(times)} times, for longest"
    said = f"from {formats.day(since, until.year)} to {formats.day(until)}"
    return f"; carried forward without another reading{often} {said}"


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


def _read(segment: Segment) -> str:
    return f", last read {formats.day(segment.carried_from, segment.end.year)}" if segment.carried_from else ""


def _rows(segments: Sequence[Segment], start: datetime, end: datetime, most: int) -> list[tuple[str, ...]]:
    known = _KEPT(within, segments, start, end)
    rows: list[tuple[str, ...]] = [
        (formats.day(segment.start), f"{formats.day(_last_day(segment))}{_read(segment)}", formats.money(segment.value))
        for segment in reversed(known[-most:])
    ]
    return [*rows, ("", "", f"and {len(known) - most} earlier prices")] if len(known) > most else rows
