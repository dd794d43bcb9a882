"""Prices over time as steps: a price holds until the next one; nothing is drawn where none is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from generator import formats
from generator.charts import scale, steps, svg
from generator.charts.band import Band, Quartiles, area, within
from generator.charts.events import KEY, MOST, Event, largest, marks
from generator.charts.legend import Key, legend
from generator.charts.series import Segment, Series, finding, known, short_names, summarise, table, thinned

__all__ = ["Band", "Quartiles", "Segment", "Series", "finding", "summarise", "table", "trend"]

_LEFT = 44
_MARKS = 5
_FEW, _MUCH = 3, 1200  # events that are marked where much else is drawn: more lines than have names, or bytes of a band
_NAMED = 8  # lines with a colour and a name; the others are grey
_ROOM, _OF_A_LINE, _OF_ANOTHER, _OF_A_STEP = 4200, 420, 20, 10  # bytes, which keep the largest chart below 6 kB
_WIDTH = "68%"  # of the box, but for the style sheet: what remains is for axis and names (nested elements ignore it)
_TOP, _PLOT = 34, 170
_LINE = 16
_LABEL = 15
_LABEL_AT_MOST = 26
_LETTERS = (8, 12, 18, 26)  # of names, for which the style sheet leaves room
_OF_A_PRICE, _LETTER_WIDE = 5, 7  # letters, pixels
_NEARLY_AT_THE_END = 0.97


@dataclass(frozen=True, slots=True)
class _Line:
    """A series by its short name, and its segments in the period; `mark` is the number of its class and colour.

    `dotted`: the colours are used up, and this is another line in one of them.
    """

    name: str
    mark: int
    dashed: bool
    dotted: bool
    known: Sequence[Segment]
    drawn: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot's period, price axis and pixel rows."""

    grid: steps.Grid

    def y(self, value: Decimal) -> float:
        return _height(value, self.grid.prices)

    def x(self, moment: datetime) -> float:
        return min(1.0, scale.share_of_time(moment, self.grid.start, self.grid.end))


def _height(value: Decimal, prices: scale.Scale) -> float:
    """A price's distance from the chart's upper edge, in pixels."""
    return _TOP + _PLOT * float(1 - prices.share(value))


def trend(
    series: Sequence[Series],
    start: datetime,
    end: datetime,
    *,
    title: str,
    summary: str = "",
    unit: str = "$/GPU-hour",
    band: Band | None = None,
    beside: Sequence[Series] = (),
    events: Sequence[Event] = (),
) -> str:
    """The lines between two instants as an SVG; "" where nothing is known in between.

    `summary` describes them in a sentence, if the caller has it already.  `band` is drawn behind them.  `beside` are
    the lines of a chart next to this one: with the same period, both have the same axes and the same room for names.
    The largest of `events` are marked.
    """
    lines = list(_lines(series, start, end))
    if not lines:
        return ""
    middle = within(band, start, end) if band else ()
    around = [*lines, *_lines(beside, start, end)]
    values = {segment.value for line in around for segment in line.known}
    values.update(price for one in middle for price in (one.low, one.high))
    prices = scale.round_scale(values)
    named = all(len(line.name) <= _LABEL_AT_MOST for line in around[:_NAMED])
    grid = steps.Grid(steps.first_unit(start, end), end, prices, steps.places_of({*values, *prices.ticks}))
    frame = _Frame(grid)
    behind = area(middle, grid)
    happened = largest(events, start, end, MOST if len(lines) <= _NAMED and len(behind) <= _MUCH else _FEW)
    marked = marks(happened, grid, _TOP, _TOP + _PLOT)
    said = summary or finding(series, start, end)
    lines = _in_few_steps(lines, sum(len(part.encode()) for part in (marked, behind, title, said)))
    axis, height = _price_axis(prices), _TOP + _PLOT + 24
    below = legend(list(_keys(lines, band.label if band and middle else "", happened, named)), height)
    return svg.chart(
        f"trend {_room(around, axis.room)} under-{below.spare_n}" if named else "trend",
        title,
        said,
        height + below.height,
        f'<text x="0" y="11" class="muted">{svg.text(unit)}{_broken(prices)}{_dashed(lines)}{_coarse(lines)}</text>',
        f'<svg x="{axis.room}" height="{height}" overflow="visible">',
        axis.svg,
        marked,
        *_plot(lines, behind, frame, named),
        "</svg>",
        *below.rows,
        width=_WIDTH,
    )


def _lines(series: Sequence[Series], start: datetime, end: datetime) -> Iterator[_Line]:
    """The lines of which anything is known, each in all of its steps."""
    for n, (one, name) in enumerate(zip(series, short_names(series), strict=True), 1):
        if found := known(one, start, end):
            yield _Line(name, (n - 1) % _MARKS + 1, one.kind == "reference", n > _MARKS, found, found)


def _in_few_steps(lines: Sequence[_Line], taken: int) -> list[_Line]:
    """The lines in as many steps as there is room for where so many bytes are taken."""
    room = _ROOM - taken - _OF_A_LINE * min(len(lines), _NAMED) - _OF_ANOTHER * max(0, len(lines) - _NAMED)
    most = max(2, room // _OF_A_STEP // len(lines))
    return [replace(line, drawn=thinned(line.known, most)) for line in lines]


def _broken(prices: scale.Scale) -> str:
    return "" if prices.low <= 0 else f", axis from {scale.tick_labels(prices)[0]}"


def _dashed(lines: Sequence[_Line]) -> str:
    return "; dashed: others’ readings" if any(line.dashed for line in lines) else ""


def _coarse(lines: Sequence[_Line]) -> str:
    """What the chart says where a line is drawn in longer steps than it has."""
    return "; in longer steps than the table" if any(len(line.drawn) < len(line.known) for line in lines) else ""


def _room(lines: Sequence[_Line], left: int) -> str:
    """The class for how many letters the names at the lines' ends may have.

    What prices take beyond five letters, and their axis beyond its least room, counts as letters too.
    """
    ends = (len(line.name) + max(0, len(formats.money(line.known[-1].value)) - _OF_A_PRICE) for line in lines[:_NAMED])
    letters = max(ends) + (left - _LEFT) // _LETTER_WIDE
    return f"n{next((room for room in _LETTERS if letters <= room), _LETTERS[-1])}"


def _plot(lines: Sequence[_Line], behind: str, frame: _Frame, named: bool) -> list[str]:
    return [
        _time_axis(frame.grid.start, frame.grid.end),
        frame.grid.opened(_TOP, _PLOT),
        f'<path class="band" d="{behind}"/>' if behind else "",
        *_others(lines[_NAMED:], frame),
        *(_path(line, frame) for line in reversed(lines[:_NAMED])),
        "</svg>",
        *_extremes(lines, frame),
        *_ends(lines[:_NAMED], frame, named),
    ]


class _PriceAxis(NamedTuple):
    """Ticks with their labels, and the pixels that these need to the left."""

    svg: str
    room: int


@lru_cache(maxsize=4096)
def _price_axis(prices: scale.Scale) -> _PriceAxis:
    marks: list[str] = []
    labels = scale.tick_labels(prices)
    for tick, label in zip(prices.ticks, labels, strict=True):
        height = _height(tick, prices)
        y, below = svg.number(height), svg.number(height + 4)
        marks.append(f'<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}" stroke="currentColor" opacity="0.15"/>')
        marks.append(f'<text x="-6" y="{below}" class="tick" text-anchor="end">{label}</text>')
    if prices.low > 0:
        foot = _TOP + _PLOT
        marks.append(f'<path class="break" d="M-4 {foot - 5}l8-4m-8 8l8-4" fill="none" stroke="currentColor"/>')
    return _PriceAxis("".join(marks), max(_LEFT, 8 + 7 * max(map(len, labels))))


@lru_cache(maxsize=1024)
def _time_axis(start: datetime, end: datetime) -> str:
    marks: list[str] = []
    for n, (moment, label) in enumerate(scale.time_ticks(start, end)):
        look = "tick alt" if n % 2 else "tick"
        x, y = svg.part(scale.share_of_time(moment, start, end)), _TOP + _PLOT
        marks.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{y}" y2="{y + 4}" stroke="currentColor"/>')
        marks.append(f'<text x="{x}" y="{y + 18}" class="{look}" text-anchor="middle">{label}</text>')
    return "".join(marks)


def _path(line: _Line, frame: _Frame) -> str:
    dashes = ' stroke-dasharray="0 5"' if line.dotted else ' stroke-dasharray="5 3"' if line.dashed else ""
    d, dots = steps.path(line.drawn, frame.grid), steps.points(line.drawn, frame.grid)
    name = f' data-name="{svg.text(line.name)}"'
    drawn = f'<path class="line s{line.mark}"{name} d="{d}" {_STROKE}{dashes}/>' if d else ""
    return drawn + (f'<path class="line point s{line.mark}"{name} d="{dots}" {_STROKE}/>' if dots else "")


_STROKE = 'vector-effect="non-scaling-stroke"'


def _others(lines: Sequence[_Line], frame: _Frame) -> Iterator[str]:
    """The lines beyond those that are named, all alike."""
    if lines:
        d = "".join(steps.path(line.drawn, frame.grid) for line in lines)
        dots = "".join(steps.points(line.drawn, frame.grid) for line in lines)
        yield f'<path class="line rest" d="{d}{dots}" {_STROKE}/>'


def _extremes(lines: Sequence[_Line], frame: _Frame) -> list[str]:
    """The lowest and the highest price of the first line, written below and above where each begins.

    Neither is written on another line, or where a line ends in the middle, whose own label may lie there.
    """
    line = lines[0]
    low = min(line.known, key=lambda segment: segment.value)
    high = max(line.known, key=lambda segment: segment.value)
    if formats.money(low.value) == formats.money(high.value):
        return []
    if any(frame.x(one.known[-1].end) < _NEARLY_AT_THE_END for one in lines[:_NAMED]):
        return []
    below = 14 if frame.y(low.value) + _LINE <= _TOP + _PLOT else -6
    places = [("low", low, frame.y(low.value) + below), ("high", high, frame.y(high.value) - 6)]
    others = {segment.value for other in lines[1:] for segment in other.drawn}
    taken = [frame.y(value) for value in others]
    return [_extreme(word, one, frame, y) for word, one, y in places if not any(y - 12 < at < y + 3 for at in taken)]


def _extreme(word: str, segment: Segment, frame: _Frame, below: float) -> str:
    x, y = frame.x(segment.start), svg.number(below)
    anchor = "start" if x < 0.5 else "end"
    said = f"{word} {formats.money(segment.value)}"
    return f'<text x="{svg.part(x)}" y="{y}" class="note" text-anchor="{anchor}">{said}</text>'


def _ends(lines: Sequence[_Line], frame: _Frame, named: bool) -> list[str]:
    """Each line's last price beside its end, moved apart where two would overlap; of many, the first."""
    shown = lines[: _PLOT // _LABEL]
    wanted = [frame.y(line.known[-1].value) for line in shown]
    placed = scale.apart(wanted, _LABEL, _TOP, _TOP + _PLOT)
    marks: list[str] = []
    for line, y, label_y in zip(shown, wanted, placed, strict=True):
        x = svg.part(frame.x(_end(line, frame.grid)))
        name = f'<tspan class="name" dx="5">{svg.text(line.name)}</tspan>' if named else ""
        value = f'<tspan class="value">{formats.money(line.known[-1].value)}</tspan>'
        end = f'<text class="end t{line.mark}" x="{x}" y="{svg.number(label_y + 4)}" dx="8">{value}{name}</text>'
        marks.append(_dot(line, x, y) + end)
    return marks


def _end(line: _Line, grid: steps.Grid) -> datetime:
    """Where a line ends; a lone reading is where it begins."""
    *_, last = steps.runs(line.known)
    return last[0].start if steps.is_lone(last, grid) else last[-1].end


def _dot(line: _Line, x: str, y: float) -> str:
    """The dot at a line's end: filled for our own, hollow for a reference."""
    look = f"dot s{line.mark} hollow" if line.dashed else f"dot s{line.mark}"
    fill = "none" if line.dashed else "currentColor"
    return f'<circle class="{look}" cx="{x}" cy="{svg.number(y)}" r="3.5" fill="{fill}" stroke="currentColor"/>'


def _keys(lines: Sequence[_Line], band: str, happened: Sequence[Event], named: bool) -> Iterator[Key]:
    """What the legend explains; `named`: the lines' ends say their names."""
    for line in lines[:_NAMED]:
        sign = "· · ·" if line.dotted else "- -" if line.dashed else "—"
        yield Key(sign, f"t{line.mark} key", line.name, named)
    if band:
        yield Key("▒", "t1 key", band)
    if happened:
        yield KEY
    if len(lines) > _NAMED:
        yield Key("—", "key", f"{formats.plural(len(lines) - _NAMED, 'other')}, in grey")
