"""The middle half of the prices over time, which a chart shows as an area behind its lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from generator.charts.steps import Grid

_STEPS = 48  # in a chart at most, but for gaps


@dataclass(frozen=True, slots=True)
class Quartiles:
    """A quarter of the prices was at most `low` and a quarter at least `high`, from `start` until `end`."""

    start: datetime
    end: datetime
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """A label, and the quartiles in order."""

    label: str
    spans: tuple[Quartiles, ...]


def within(band: Band, start: datetime, end: datetime) -> tuple[Quartiles, ...]:
    """The part between two instants, in few steps; each reaches as far as what it joins."""
    spans = [
        Quartiles(max(one.start, start), min(one.end, end), one.low, one.high)
        for one in band.spans
        if one.end > start and one.start < end
    ]
    every = -(-len(spans) // _STEPS)
    return tuple(_joined(run[n : n + every]) for run in _runs(spans) for n in range(0, len(run), every))


def area(spans: Sequence[Quartiles], grid: Grid) -> str:
    """Path data, an outline for each time without a gap: along the lower edge, and back along the upper one."""
    return "".join(_outline(run, grid) for run in _runs(spans))


def _joined(spans: Sequence[Quartiles]) -> Quartiles:
    low, high = min(one.low for one in spans), max(one.high for one in spans)
    return Quartiles(spans[0].start, spans[-1].end, low, high)


def _runs(spans: Sequence[Quartiles]) -> Iterator[list[Quartiles]]:
    run: list[Quartiles] = []
    for one in spans:
        if run and run[-1].end != one.start:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _outline(run: Sequence[Quartiles], grid: Grid) -> str:
    there = _edge((grid.y(one.low), grid.x(one.end)) for one in run)
    back = _edge((grid.y(one.high), grid.x(one.start)) for one in reversed(run))
    return f"M{grid.x(run[0].start)} {grid.y(run[0].low)}{there}{back}z"


def _edge(steps: Iterable[tuple[int, int]]) -> str:
    """Heights and how far each reaches, equal neighbours as one."""
    return "".join(f"V{y}H{[x for _, x in level][-1]}" for y, level in groupby(steps, itemgetter(0)))
