"""Lines as paths in the units of what they show: hours or days to the right, parts of a dollar upwards.

So a path is the exact data, which the script beside it reads, and the drawing is stretched to its box.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from generator.charts import svg
from generator.charts.scale import Scale
from generator.charts.series import Segment

_HOURLY = timedelta(days=62)
_FEWEST_PLACES, _MOST_PLACES = 2, 6
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LONE = 0.012  # of the period


@dataclass(frozen=True)
class Grid:
    """Where a path's units are: hours (else days) since `start`, and a dollar's `places` decimals."""

    start: datetime
    end: datetime
    prices: Scale
    places: int

    @cached_property
    def unit(self) -> timedelta:
        """A unit to the right: an hour in short periods."""
        return _HOUR if self.end - self.start <= _HOURLY else _DAY

    @cached_property
    def width(self) -> int:
        """The period in units."""
        return max(1, self.x(self.end))

    def x(self, moment: datetime) -> int:
        """An instant in units."""
        return round((moment - self.start) / self.unit)

    def y(self, price: Decimal) -> int:
        """A price in units, downwards."""
        return -round(float(price) * self.in_a_dollar)

    @cached_property
    def in_a_dollar(self) -> int:
        """How many units upwards are a dollar."""
        return int(10**self.places)

    def opened(self, top: int, height: int) -> str:
        """The beginning of the element in which paths are drawn, `height` pixels high, with what their units are."""
        low, high = (price.scaleb(self.places) for price in (self.prices.low, self.prices.high))
        return (
            f'<svg class="steps" viewBox="0 {svg.number(-high)} {self.width} {svg.number(high - low)}" '
            f'preserveAspectRatio="none" y="{top}" width="100%" height="{height}" overflow="visible" '
            f'data-from="{self.start:%Y-%m-%dT%H:00Z}" data-hours="{self.unit // _HOUR}" '
            f'data-places="{self.places}" fill="none" stroke="currentColor">'
        )


def first_unit(start: datetime, end: datetime) -> datetime:
    """The beginning of the hour, or in long periods of the day, in which a period begins."""
    moment = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return moment if end - start <= _HOURLY else moment.replace(hour=0)


def places_of(values: Collection[Decimal]) -> int:
    """The decimals that tell all of these apart."""
    needed = max((-int(value.normalize().as_tuple().exponent) for value in values), default=0)
    return min(max(needed, _FEWEST_PLACES), _MOST_PLACES)


def path(known: Sequence[Segment], grid: Grid) -> str:
    """Level while a price holds, vertical where the next one follows at once, interrupted by a gap."""
    return "".join(_run(run, grid) for run in runs(known) if not is_lone(run, grid))


def points(known: Sequence[Segment], grid: Grid) -> str:
    """The lone readings: lines without a length, which their round ends make dots."""
    return "".join(f"M{grid.x(run[0].start)} {grid.y(run[0].value)}h0" for run in runs(known) if is_lone(run, grid))


def runs(known: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Segments that follow on each other at once."""
    run: list[Segment] = []
    for segment in known:
        if run and run[-1].end != segment.start:
            yield run
            run = []
        run.append(segment)
    if run:
        yield run


def is_lone(run: Sequence[Segment], grid: Grid) -> bool:
    """Whether this is one reading, of a day at most or too short for a line."""
    length = run[0].end - run[0].start
    return len(run) == 1 and (length <= _DAY or length <= _LONE * (grid.end - grid.start))


def _run(run: Sequence[Segment], grid: Grid) -> str:
    x, y = grid.x(run[0].start), grid.y(run[0].value)
    said = [f"M{x} {y}"]
    for segment in run:
        if (height := grid.y(segment.value)) != y:
            said.append(f"v{height - y}")
        said.append(f"h{(until := grid.x(segment.end)) - x}")
        x, y = until, height
    return "".join(said)
