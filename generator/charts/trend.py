"""Prices over time as steps: a price holds until the next one; nothing is drawn where none is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from generator import formats
from generator.charts import scale, svg
from generator.charts.series import Segment, Series, known, summarise, table

__all__ = ["Segment", "Series", "summarise", "table", "trend"]

_LEFT = 44
_MARKS = 5
_WIDTH = "68%"
_UNITS = 2000
_PLOT = 170
_LINE = 16
_LABEL_AT_MOST = 26
_LEGEND_LINE = 40
_NAME_AT_MOST = 46
_SHORT = 12


@dataclass(frozen=True, slots=True)
class _Line:
    """A series and its segments in the period; `mark` is the number of its class, and of its colour.

    `dotted`: the colours are used up, and this is another line in one of them.
    """

    name: str
    mark: int
    dashed: bool
    dotted: bool
    known: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot's period, price axis and pixel rows."""

    start: datetime
    end: datetime
    prices: scale.Scale
    top: int

    def y(self, value: Decimal) -> float:
        return _height(value, self.prices, self.top)

    def x(self, moment: datetime) -> float:
        return scale.share_of_time(moment, self.start, self.end)


def _height(value: Decimal, prices: scale.Scale, top: int) -> float:
    """A price's distance from the chart's upper edge, in pixels."""
    return top + _PLOT * float(1 - prices.share(value))


def trend(
    series: Sequence[Series],
    start: datetime,
    end: datetime,
    *,
    title: str,
    summary: str = "",
    unit: str = "$/GPU-hour",
) -> str:
    """The lines between two instants as an SVG; "" where nothing is known in between.

    `summary` describes them, if the caller has it already.
    """
    lines = [
        _Line(one.name, (n - 1) % _MARKS + 1, one.kind == "reference", n > _MARKS, found)
        for n, one in enumerate(series, 1)
        if (found := known(one, start, end))
    ]
    if not lines:
        return ""
    named = all(len(line.name) <= _LABEL_AT_MOST for line in lines)
    legend = _legend(lines, narrow_only=named)
    top = _LINE * (1 + len(legend)) + 18
    values = [segment.value for line in lines for segment in line.known]
    frame = _Frame(start, end, scale.round_scale(values), top)
    axis, height = _price_axis(frame.prices, top), top + _PLOT + 24
    return svg.chart(
        "trend",
        title,
        summary or summarise(series, start, end),
        height,
        f'<text x="0" y="11" class="muted">{svg.text(unit)}</text>',
        *legend,
        f'<svg class="{_field(lines, named)}" x="{axis.room}" width="{_WIDTH}" height="{height}" overflow="visible">',
        axis.svg,
        *_plot(lines, frame, height, named),
        "</svg>",
    )


def _field(lines: Sequence[_Line], named: bool) -> str:
    """The plot's classes: how much room its lines' names need beside it."""
    if not named:
        return "field"
    return "field named short" if max(len(line.name) for line in lines) <= _SHORT else "field named"


def _plot(lines: Sequence[_Line], frame: _Frame, height: int, named: bool) -> list[str]:
    return [
        _time_axis(frame.start, frame.end, frame.top),
        f'<svg viewBox="0 0 {_UNITS} {height}" preserveAspectRatio="none" width="100%" height="{height}" '
        'overflow="visible">',
        *(_path(line, frame) for line in reversed(lines)),
        "</svg>",
        *_extremes(lines[0], frame),
        *_ends(lines, frame, named),
    ]


class _PriceAxis(NamedTuple):
    """Ticks with their labels, and the pixels that these need to the left."""

    svg: str
    room: int


@lru_cache(maxsize=4096)
def _price_axis(prices: scale.Scale, top: int) -> _PriceAxis:
    marks: list[str] = []
    labels = scale.tick_labels(prices)
    for tick, label in zip(prices.ticks, labels, strict=True):
        height = _height(tick, prices, top)
        y, below = svg.number(height), svg.number(height + 4)
        marks.append(f'<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}" stroke="currentColor" opacity="0.15"/>')
        marks.append(f'<text x="-6" y="{below}" class="tick" text-anchor="end">{label}</text>')
    return _PriceAxis("".join(marks), max(_LEFT, 8 + 7 * max(map(len, labels))))


@lru_cache(maxsize=1024)
def _time_axis(start: datetime, end: datetime, top: int) -> str:
    marks: list[str] = []
    for moment, label in scale.time_ticks(start, end):
        x, y = svg.part(scale.share_of_time(moment, start, end)), top + _PLOT
        marks.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{y}" y2="{y + 4}" stroke="currentColor"/>')
        marks.append(f'<text x="{x}" y="{y + 18}" class="tick" text-anchor="middle">{label}</text>')
    return "".join(marks)


def _path(line: _Line, frame: _Frame) -> str:
    dashes = ' stroke-dasharray="0 5"' if line.dotted else ' stroke-dasharray="5 3"' if line.dashed else ""
    return (
        f'<path class="line s{line.mark}" d="{_steps(line.known, frame)}" fill="none" stroke="currentColor"{dashes} '
        'vector-effect="non-scaling-stroke"/>'
    )


def _steps(known: Sequence[Segment], frame: _Frame) -> str:
    """Path data: level while a price holds, vertical where the next one follows at once, interrupted by a gap."""
    path: list[str] = []
    until: datetime | None = None
    for segment in known:
        y = svg.number(frame.y(segment.value))
        follows = segment.start == until
        path.append(f"V{y}" if follows else f"M{round(frame.x(segment.start) * _UNITS)} {y}")
        path.append(f"H{round(frame.x(segment.end) * _UNITS)}")
        until = segment.end
    return "".join(path)


def _extremes(line: _Line, frame: _Frame) -> list[str]:
    """The lowest and the highest price of the first line, written below and above where each begins."""
    low = min(line.known, key=lambda segment: segment.value)
    high = max(line.known, key=lambda segment: segment.value)
    if formats.money(low.value) == formats.money(high.value):
        return []
    has_room_below = frame.y(low.value) + _LINE <= frame.top + _PLOT
    return [_extreme("low", low, frame, 14 if has_room_below else -6), _extreme("high", high, frame, -6)]


def _extreme(word: str, segment: Segment, frame: _Frame, below: int) -> str:
    x = frame.x(segment.start)
    y = svg.number(frame.y(segment.value) + below)
    anchor = "start" if x < 0.5 else "end"
    said = f"{word} {formats.money(segment.value)}"
    return f'<text x="{svg.part(x)}" y="{y}" class="note" text-anchor="{anchor}">{said}</text>'


def _ends(lines: Sequence[_Line], frame: _Frame, named: bool) -> list[str]:
    """Each line's last price beside its end, moved apart where two would overlap."""
    wanted = [frame.y(line.known[-1].value) for line in lines]
    placed = scale.apart(wanted, 15, frame.top, frame.top + _PLOT)
    marks: list[str] = []
    for line, y, label_y in zip(lines, wanted, placed, strict=True):
        x = svg.part(frame.x(line.known[-1].end))
        name = f'<tspan class="name" dx="5">{svg.text(line.name)}</tspan>' if named else ""
        value = f'<tspan class="value">{formats.money(line.known[-1].value)}</tspan>'
        end = f'<text class="end t{line.mark}" x="{x}" y="{svg.number(label_y + 4)}" dx="8">{value}{name}</text>'
        marks.append(_dot(line, x, y) + end)
    return marks


def _dot(line: _Line, x: str, y: float) -> str:
    """The dot at a line's end: filled for our own, hollow for a reference."""
    look = f"dot s{line.mark} hollow" if line.dashed else f"dot s{line.mark}"
    fill = "none" if line.dashed else "currentColor"
    return f'<circle class="{look}" cx="{x}" cy="{svg.number(y)}" r="3.5" fill="{fill}" stroke="currentColor"/>'


def _legend(lines: Sequence[_Line], *, narrow_only: bool) -> list[str]:
    """The lines' names, as many in a row as fit on a phone."""
    rows: list[list[_Line]] = [[]]
    for line in lines:
        if rows[-1] and sum(len(other.name) + 4 for other in rows[-1]) + len(line.name) > _LEGEND_LINE:
            rows.append([])
        rows[-1].append(line)
    look = "legend narrow" if narrow_only else "legend"
    keys = ("".join(_key(line, first=line is row[0]) for line in row) for row in rows)
    return [f'<text x="0" y="{11 + _LINE * n}" class="{look}">{key}</text>' for n, key in enumerate(keys, 1)]


def _key(line: _Line, *, first: bool) -> str:
    sign = "· · ·" if line.dotted else "- -" if line.dashed else "—"
    name = line.name if len(line.name) <= _NAME_AT_MOST else f"{line.name[: _NAME_AT_MOST - 21]}…{line.name[-20:]}"
    apart = "" if first else ' dx="14"'
    return f'<tspan class="t{line.mark} key"{apart}>{sign}</tspan><tspan dx="4">{svg.text(name)}</tspan>'
