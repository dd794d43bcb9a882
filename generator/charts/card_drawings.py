"""The drawings of a page's picture: markets as lines from the lowest to the highest price, and a price over time.

They stand in a box of `WIDTH` pixels, the scale below, the line over time to the right.  Sizes and colours are their
own, since no style sheet reaches a picture: those of the light scheme in templates/assets/site.css/.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from generator import formats
from generator.charts import scale, svg
from generator.charts.market_scale import Market
from generator.charts.series import Segment, Series, known
from generator.charts.spread import Spread

WIDTH = 1072
INK, MUTED, LINE, EDGE, ACCENT = "#191c1f", "#575e65", "#e0e2e0", "#b4b9b9", "#0a5f66"
_NEAR_AN_END = Decimal("0.15")
_ROW = 84
_PLOT_X, _PLOT_WIDTH, _PLOT_TOP, _PLOT_HEIGHT = 650, 422, 75, 130
_INSTANT = timedelta.resolution
_SMALL = 24  # pixels: what is still read where the picture is shown at a third of its size


def markets(drawn: Sequence[Market], at: Decimal | None = None) -> str:
    """One market or two on one axis; `at` is the price to mark, the lowest where None.  "" where there is no width."""
    low = min((one.figures.floor for one in drawn), default=Decimal(0))
    high = max((one.figures.ceiling for one in drawn), default=Decimal(0))
    if low == high:
        return ""
    axis = scale.Scale(low, high, (low, high))
    if len(drawn) == 1:
        return f'<g transform="translate(0 296)">{_labels(drawn[0].figures, axis)}{_line(drawn[0], axis, 75, at)}</g>'
    rows = (
        f'<g transform="translate(0 {296 + _ROW * n})">{_name(one.figures)}{_line(one, axis, 52, at)}</g>'
        for n, one in enumerate(drawn)
    )
    return "".join(rows)


def _line(market: Market, axis: scale.Scale, y: int, at: Decimal | None) -> str:
    figures = market.figures
    marked = _x(axis, figures.floor if at is None else min(max(at, axis.low), axis.high))
    floor, left, middle, right, ceiling = (
        _x(axis, price) for price in (figures.floor, figures.p25, figures.median, figures.p75, figures.ceiling)
    )
    return (
        f'<path d="M{floor} {y}H{ceiling}" stroke="{EDGE}" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="M{left} {y}H{right}" stroke="{ACCENT}" stroke-opacity="0.35" stroke-width="14"/>'
        f'<path d="M{middle} {y - 17}V{y + 17}" stroke="{INK}" stroke-width="4"/>'
        f'<circle cx="{marked}" cy="{y}" r="13" fill="{ACCENT}" stroke="#fbfbf9" stroke-width="4"/>'
    )


def _labels(figures: Spread, axis: scale.Scale) -> str:
    return (
        _text(_x(axis, figures.median), 42, f"median {formats.money(figures.median)}", _anchor(axis, figures.median))
        + _text("0", 124, f"lowest {formats.money(figures.floor)}", "start")
        + _text(str(WIDTH), 124, f"highest {formats.money(figures.ceiling)}", "end")
    )


def _name(figures: Spread) -> str:
    said = f"{figures.label}: {formats.money(figures.floor)} to {formats.money(figures.ceiling)}"
    return _text("0", 22, f"{said}, median {formats.money(figures.median)}", "start")


def _anchor(axis: scale.Scale, price: Decimal) -> str:
    share = axis.share(price)
    return "start" if share < _NEAR_AN_END else "end" if share > 1 - _NEAR_AN_END else "middle"


def _x(axis: scale.Scale, price: Decimal) -> str:
    return svg.number(16 + axis.share(price) * (WIDTH - 32))


def over_time(lines: Sequence[Series], start: datetime, end: datetime) -> str:
    """The first line that is known between two instants, dashed where others read it; "" where there is none.

    Its axis is of whole months, from that of the first instant on; a price holds until the end of the month in which
    it was last known.
    """
    for line in lines:
        if found := [one for one in known(line, _month_start(start), end) if one.end > one.start]:
            return _plot(line, found)
    return ""


def _plot(line: Series, steps: Sequence[Segment]) -> str:
    prices, last = scale.round_scale([step.value for step in steps], 2), steps[-1].value
    ends = zip((prices.low, prices.high), (scale.tick_labels(prices)[0], scale.tick_labels(prices)[-1]), strict=True)
    bottom, dashes = _PLOT_TOP + _PLOT_HEIGHT, ' stroke-dasharray="10 6"' if line.kind == "reference" else ""
    return (
        _text(str(WIDTH), bottom + 68, svg.shortened(line.label, 40), "end")
        + "".join(_grid(label, _y(prices, price)) for price, label in ends)
        + f'<path d="{_steps(steps, prices)}" fill="none" stroke="{ACCENT}" stroke-width="4"{dashes}/>'
        + _text(str(WIDTH), round(_y(prices, last)) - 12, formats.money(last), "end", INK)
        + _text(str(_PLOT_X), bottom + 34, _month(steps[0].start), "start")
        + _text(str(WIDTH), bottom + 34, _month(steps[-1].end - _INSTANT), "end")
    )


def _grid(label: str, y: float) -> str:
    line = f'<path d="M{_PLOT_X} {svg.number(y)}H{WIDTH}" stroke="{LINE}" stroke-width="2"/>'
    return line + _text(str(_PLOT_X - 12), round(y) + 8, label, "end")


def _steps(steps: Sequence[Segment], prices: scale.Scale) -> str:
    """Path data: level while a price holds, vertical where the next one follows at once, interrupted by a gap."""
    since, until = _month_start(steps[0].start), _month_start(steps[-1].end - _INSTANT, months=1)
    path: list[str] = []
    before: datetime | None = None
    for step in steps:
        end = until if step is steps[-1] else step.end
        shares = (scale.share_of_time(moment, since, until) for moment in (step.start, end))
        first, last = (round(_PLOT_X + share * _PLOT_WIDTH) for share in shares)
        y = svg.number(_y(prices, step.value))
        path.append(f"V{y}H{last}" if step.start == before else f"M{first} {y}H{max(last, first + 2)}")
        before = step.end
    return "".join(path)


def _month_start(moment: datetime, months: int = 0) -> datetime:
    """The first instant of a moment's month (UTC), or of one so many months later."""
    years, month = divmod(moment.month - 1 + months, 12)
    return datetime(moment.year + years, month + 1, 1, tzinfo=UTC)


def _month(moment: datetime) -> str:
    return f"{formats.month(moment)} {moment.year}"


def _y(prices: scale.Scale, price: Decimal) -> float:
    return _PLOT_TOP + _PLOT_HEIGHT * float(1 - prices.share(price))


def _text(x: str, y: int, words: str, anchor: str, colour: str = MUTED) -> str:
    return f'<text x="{x}" y="{y}" font-size="{_SMALL}" fill="{colour}" text-anchor="{anchor}">{svg.text(words)}</text>'
