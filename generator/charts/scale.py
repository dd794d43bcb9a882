"""Axes: where prices and instants are on a chart, with round ticks in exact decimals, days and months."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from generator import formats

_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_ROUND_CENTS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_DIME = Decimal("0.1")
_LEAST_SPAN = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`, both of them ticks."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def share(self, value: Decimal) -> Decimal:
        """Where a value is: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)


def round_scale(values: Collection[Decimal], steps: int = 4) -> Scale:
    """An axis around values: from zero where one is at most half of another, and below it only if one of them is.

    It spans at least a tenth of the largest value, so that a cent does not look like a cliff.  A chart whose axis does
    not begin at zero marks the break.
    """
    least, most = min(values), max(values)
    if 0 < least <= most / 2:
        least = Decimal(0)
    slack = max(Decimal(0), max(abs(most), abs(least), Decimal("0.001")) * _LEAST_SPAN - (most - least)) / 2
    low = least - slack if least < 0 else max(Decimal(0), least - slack)
    step = _step((most + slack - low) / steps)
    first, last = math.floor(low / step), math.ceil((most + slack) / step)
    if first > 0 and least - step * first < step * (last - first) * _LEAST_SPAN:
        first -= 1  # room below the lowest, for its label
    ticks = tuple(step * n for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def _step(raw: Decimal) -> Decimal:
    """The next round number at or above `raw`, which is above zero."""
    power = Decimal(1).scaleb(raw.adjusted())
    steps = _ROUND if power >= _DIME else _ROUND_CENTS
    return next(power * factor for factor in steps if power * factor >= raw)


def tick_labels(scale: Scale) -> tuple[str, ...]:
    """The ticks as dollars, all with as many decimals as the finest one needs."""
    places = max(-int(tick.normalize().as_tuple().exponent) for tick in scale.ticks)
    places = 0 if places <= 0 else max(2, places)
    return tuple(("−$" if tick < 0 else "$") + formats.rounded(abs(tick), places) for tick in scale.ticks)


def share_of_time(moment: datetime, start: datetime, end: datetime) -> float:
    """Where an instant is between two others: 0 to 1."""
    return (moment - start) / (end - start)


def time_ticks(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Four or five labelled days or months between two instants; the year is added at first and where it changes."""
    days = (end - start) / timedelta(days=1)
    return _day_ticks(start, end) if days <= 62 else _month_ticks(start, end, days)


def _day_ticks(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    days = max(1, math.ceil((end - start) / timedelta(days=5)))
    step = next(length for length in (1, 2, 3, 7, 14) if length >= min(days, 14))
    first = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ticks = [first + timedelta(days=n) for n in range(0, 63, step)]
    return [(tick, formats.day(tick, tick.year)) for tick in ticks if tick < end]


def _month_ticks(start: datetime, end: datetime, days: float) -> list[tuple[datetime, str]]:
    months = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if days / 30.44 / step <= 5)
    ticks = [tick for tick in _months(start, end) if (tick.year * 12 + tick.month - 1) % months == 0]
    labels: list[tuple[datetime, str]] = []
    for before, tick in zip([None, *ticks], ticks, strict=False):
        year = "" if before is not None and before.year == tick.year else f" {tick.year}"
        labels.append((tick, str(tick.year) if months >= 12 else formats.month(tick) + year))
    return labels


def _months(start: datetime, end: datetime) -> Iterator[datetime]:
    """The first instant of each month after `start` and before `end`."""
    year, month = start.astimezone(UTC).year, start.astimezone(UTC).month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        tick = datetime(year, month, 1, tzinfo=UTC)
        if tick >= end:
            return
        yield tick


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to the wanted ones as a minimum distance allows, between two bounds; in the order given."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = [0.0] * len(wanted)
    floor = low
    for n in order:
        placed[n] = max(wanted[n], floor)
        floor = placed[n] + gap
    ceiling = high
    for n in reversed(order):
        placed[n] = min(placed[n], ceiling)
        ceiling = placed[n] - gap
    return placed
