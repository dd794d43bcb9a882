"""Markets on one line each: from the lowest to the highest price, with the middle half, the median and the sellers.

It stands under the sentence that answers a page's question; `on_scale` is the same line in the rows below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import formats
from generator.charts import svg
from generator.charts.spread import Spread

_ROW, _LINE = 60, 30
_NEAR_AN_END = Decimal("0.2")
_LEFT, _WIDTH = Decimal("0.01"), Decimal("0.98")


@dataclass(frozen=True, slots=True)
class Market:
    """A market's figures, labelled where there are others beside it, and its sellers' prices; dollars per GPU-hour."""

    figures: Spread
    prices: Sequence[Decimal] = ()


@dataclass(frozen=True, slots=True)
class _Axis:
    low: Decimal
    high: Decimal

    def share(self, price: Decimal) -> Decimal:
        return (price - self.low) / (self.high - self.low)

    def x(self, price: Decimal) -> str:
        return svg.part(_LEFT + self.share(price) * _WIDTH)

    def anchor(self, price: Decimal) -> str:
        share = self.share(price)
        return "start" if share < _NEAR_AN_END else "end" if share > 1 - _NEAR_AN_END else "middle"


def market_scale(markets: Sequence[Market], *, title: str) -> str:
    """A line for each market on one axis, in the order given; "" where all have one and the same price."""
    low = min((one.figures.floor for one in markets), default=Decimal(0))
    high = max((one.figures.ceiling for one in markets), default=Decimal(0))
    if low == high:
        return ""
    axis = _Axis(low, high)
    rows = (_row(one, axis, _ROW * n, is_alone=len(markets) == 1) for n, one in enumerate(markets))
    return svg.chart("market", title, summarise(markets), _ROW * len(markets), *rows)


def summarise(markets: Sequence[Market]) -> str:
    """The same figures in words."""
    return " ".join(_summary(one.figures, is_alone=len(markets) == 1) for one in markets)


def _summary(market: Spread, *, is_alone: bool) -> str:
    across = formats.plural(market.providers_n, "provider")
    return (
        f"{'' if is_alone else f'{market.label}: '}{across}, each with its lowest price: from "
        f"{formats.money(market.floor)} to {formats.money(market.ceiling)}, the middle half from "
        f"{formats.money(market.p25)} to {formats.money(market.p75)}, median {formats.money(market.median)}."
    )


def _row(market: Market, axis: _Axis, top: int, *, is_alone: bool) -> str:
    figures, y = market.figures, top + _LINE
    x = {name: axis.x(getattr(figures, name)) for name in ("floor", "p25", "median", "p75", "ceiling")}
    dots = "".join(f'<circle cx="{axis.x(price)}" cy="{y}" r="4"/>' for price in dict.fromkeys(market.prices))
    return (
        f'<line class="axis" x1="{x["floor"]}" x2="{x["ceiling"]}" y1="{y}" y2="{y}" stroke="currentColor"/>'
        f'<line class="half" x1="{x["p25"]}" x2="{x["p75"]}" y1="{y}" y2="{y}"/>'
        f'<g class="dots">{dots}</g>'
        f'<circle class="best" cx="{x["floor"]}" cy="{y}" r="6"/>'
        f'<line class="median" x1="{x["median"]}" x2="{x["median"]}" y1="{y - 10}" y2="{y + 10}"/>'
        f"{_labels(figures, axis, top, is_alone=is_alone)}"
    )


def _labels(figures: Spread, axis: _Axis, top: int, *, is_alone: bool) -> str:
    above, below = top + 12, top + _ROW - 8
    median = f'<text x="{axis.x(figures.median)}" y="{above}" text-anchor="{axis.anchor(figures.median)}">'
    said = f"{median}{'' if is_alone else f'{svg.text(figures.label)}, '}median {formats.money(figures.median)}</text>"
    lowest = "lowest" if is_alone else f"from {formats.money(figures.floor)}"
    return (
        f'{said}<text class="tick" x="{axis.x(figures.floor)}" y="{below}" text-anchor="{axis.anchor(figures.floor)}">'
        f"{lowest}</text>"
        f'<text class="tick" x="{axis.x(figures.ceiling)}" y="{below}" text-anchor="{axis.anchor(figures.ceiling)}">'
        f"{'highest' if is_alone else 'to'} {formats.money(figures.ceiling)}</text>"
    )
