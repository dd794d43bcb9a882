"""Prices against a quantity, such as memory: a dot for each GPU; the cheapest for their size are named.

Both axes are logarithmic: the same distance is the same factor, and what is small is told apart too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import formats
from generator.charts import svg

_TOP, _PLOT, _FOOT = 34, 220, 40
_LEFT = "52"
_WIDTH = "80%"
_NAME_AT_MOST = 16
_NAME_HIGH = 15
_SAID = 4
_NAME_WIDE = 0.34  # of the plot, on a phone


@dataclass(frozen=True, slots=True)
class Dot:
    """A GPU with its quantity and its price, US dollars per GPU-hour, both above zero."""

    label: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class _Axis:
    """From the first to the last of its ticks, which are round."""

    ticks: tuple[Decimal, ...]

    def share(self, value: Decimal) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return math.log(value / low) / math.log(high / low)


@dataclass(frozen=True, slots=True)
class _Frame:
    quantities: _Axis
    prices: _Axis

    def x(self, dot: Dot) -> float:
        return self.quantities.share(dot.quantity)

    def y(self, dot: Dot) -> float:
        return _TOP + _PLOT * (1 - self.prices.share(dot.price))


def scatter(dots: Sequence[Dot], *, title: str, quantity: str, unit: str) -> str:
    """A dot for each; "" for fewer than two.  `quantity` names the axis: "memory", in GB."""
    if len(dots) < 2:
        return ""
    frame = _Frame(_axis([dot.quantity for dot in dots]), _axis([dot.price for dot in dots]))
    best = cheapest(dots)
    named = _named(best, frame)
    return svg.chart(
        "scatter",
        title,
        finding(dots, quantity, unit),
        _TOP + _PLOT + _FOOT,
        '<text x="0" y="11" class="muted">lowest $/GPU-hour; the same distance is the same factor</text>',
        f'<svg x="{_LEFT}" width="{_WIDTH}" overflow="visible">',
        _axes(frame, quantity, unit),
        *(_dot(dot, frame, is_best=dot in best) for dot in dots),
        *(_name(dot, frame) for dot in named),
        "</svg>",
    )


def _axis(values: Sequence[Decimal]) -> _Axis:
    first, last = min(values), max(values)
    ticks = [Decimal(n).scaleb(power) for power in range(first.adjusted(), last.adjusted() + 2) for n in (1, 2, 5)]
    low = max(tick for tick in ticks if tick <= first)
    high = next(tick for tick in ticks if tick >= last and tick > low)
    return _Axis(tuple(tick for tick in ticks if low <= tick <= high))


def cheapest(dots: Sequence[Dot]) -> list[Dot]:
    """Those for which no other has as much of the quantity for less, the largest first."""
    best: list[Dot] = []
    for dot in sorted(dots, key=lambda dot: (-dot.quantity, dot.price, dot.label)):
        if not best or dot.price < best[-1].price:
            best.append(dot)
    return best


def summarise(dots: Sequence[Dot], quantity: str, unit: str) -> str:
    """Which cost the least for their size, in one sentence."""
    return f"The cheapest of {formats.plural(len(dots), 'GPU')} for their {quantity}: {_listed(cheapest(dots), unit)}."


def finding(dots: Sequence[Dot], quantity: str, unit: str) -> str:
    """The first of them."""
    best = cheapest(dots)
    more = f" and {len(best) - _SAID} more" if len(best) > _SAID else ""
    return f"The cheapest for their {quantity}: {_listed(best[:_SAID], unit)}{more}."


def _listed(dots: Sequence[Dot], unit: str) -> str:
    return ", ".join(f"{dot.label} ({_amount(dot, unit)}, {formats.money(dot.price)})" for dot in dots)


def table(dots: Sequence[Dot], quantity: str, unit: str) -> tuple[tuple[str, ...], ...]:
    """The same data as rows, the first the headings."""
    head = ("GPU", quantity[:1].upper() + quantity[1:], "Lowest price")
    return (head, *((dot.label, _amount(dot, unit), formats.money(dot.price)) for dot in dots))


def _amount(dot: Dot, unit: str) -> str:
    return f"{formats.figure(dot.quantity)} {unit}"


def _axes(frame: _Frame, quantity: str, unit: str) -> str:
    marks = []
    for tick, label in zip(frame.prices.ticks, map(formats.money, frame.prices.ticks), strict=True):
        y = _TOP + _PLOT * (1 - frame.prices.share(tick))
        marks.append(f'<line class="grid" x2="100%" y1="{svg.number(y)}" y2="{svg.number(y)}" stroke="currentColor"/>')
        marks.append(f'<text x="-6" y="{svg.number(y + 4)}" class="tick" text-anchor="end">{label}</text>')
    for tick in frame.quantities.ticks:
        x, look = svg.part(frame.quantities.share(tick)), "tick alt" if str(tick).startswith("2") else "tick"
        marks.append(
            f'<text x="{x}" y="{_TOP + _PLOT + 17}" class="{look}" text-anchor="middle">{tick.normalize():,f}</text>'
        )
    named = (
        f'<text x="100%" y="{_TOP + _PLOT + 34}" class="muted" text-anchor="end">{svg.text(quantity)}, {unit}</text>'
    )
    return "".join([*marks, named])


def _dot(dot: Dot, frame: _Frame, *, is_best: bool) -> str:
    look = "dot s1" if is_best else "dot other"
    x, y = svg.part(frame.x(dot)), svg.number(frame.y(dot))
    return f'<circle class="mark {look}" cx="{x}" cy="{y}" r="4.5"/>'


def _named(best: Sequence[Dot], frame: _Frame) -> list[Dot]:
    """Those whose names lie on no other name and on no other of these dots, the largest first."""
    named: list[Dot] = []
    for dot in best:
        fits = len(dot.label) <= _NAME_AT_MOST and not any(_covers(dot, other, frame) for other in best)
        if fits and all(_is_apart(dot, other, frame) for other in named):
            named.append(dot)
    return named


def _covers(named: Dot, other: Dot, frame: _Frame) -> bool:
    """Whether a dot's name would lie on another dot."""
    _, y, anchor = _place(named, frame)
    left = {"start": 0.0, "middle": _NAME_WIDE / 2, "end": _NAME_WIDE}[anchor]
    from_left = frame.x(other) - frame.x(named) + left
    return other != named and 0 <= from_left <= _NAME_WIDE and abs(frame.y(other) - y + 4) < _NAME_HIGH / 2 + 2


def _is_apart(one: Dot, other: Dot, frame: _Frame) -> bool:
    is_above = abs(frame.y(one) - frame.y(other)) >= _NAME_HIGH
    return is_above or abs(frame.x(one) - frame.x(other)) >= _NAME_WIDE


def _place(dot: Dot, frame: _Frame) -> tuple[float, float, str]:
    """Where a name is written: below the dot where there is room, and on the side where there is."""
    x = frame.x(dot)
    anchor = "start" if x < 0.2 else "end" if x > 0.7 else "middle"
    below = frame.y(dot) + 16
    return x, below if below < _TOP + _PLOT else below - 24, anchor


def _name(dot: Dot, frame: _Frame) -> str:
    x, y, anchor = _place(dot, frame)
    return f'<text class="t1" x="{svg.part(x)}" y="{svg.number(y)}" text-anchor="{anchor}">{svg.text(dot.label)}</text>'
