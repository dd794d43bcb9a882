"""A market on one line: each seller's price between the lowest and the highest, with the median and the middle half.

It stands under the sentence that answers a page's question; `on_scale` is the same line in the rows below.
"""

from collections.abc import Iterable
from decimal import Decimal

from generator import formats
from generator.charts import svg
from generator.charts.spread import Spread

_LINE, _HEIGHT = 30, 56
_NEAR_AN_END = Decimal("0.2")


def market_scale(market: Spread, prices: Iterable[Decimal], *, title: str) -> str:
    """Each provider's price as a dot; "" for a market with one price.  US dollars per GPU-hour."""
    span = market.ceiling - market.floor
    if not span:
        return ""

    def x(price: Decimal) -> str:
        return svg.part(Decimal("0.01") + (price - market.floor) / span * Decimal("0.98"))

    dots = "".join(f'<circle cx="{x(price)}" cy="{_LINE}" r="4"/>' for price in dict.fromkeys(prices))
    return svg.chart(
        "market",
        title,
        summarise(market),
        _HEIGHT,
        f'<line class="axis" x1="1%" x2="99%" y1="{_LINE}" y2="{_LINE}" stroke="currentColor"/>',
        f'<line class="half" x1="{x(market.p25)}" x2="{x(market.p75)}" y1="{_LINE}" y2="{_LINE}"/>',
        f'<g class="dots">{dots}</g>',
        f'<circle class="best" cx="{x(market.floor)}" cy="{_LINE}" r="6"/>',
        f'<line class="median" x1="{x(market.median)}" x2="{x(market.median)}" y1="{_LINE - 10}" y2="{_LINE + 10}"/>',
        f'<text x="{x(market.median)}" y="12" text-anchor="{_anchor((market.median - market.floor) / span)}">'
        f"median {formats.money(market.median)}</text>",
        f'<text class="tick" x="0" y="{_HEIGHT - 4}">lowest</text>',
        f'<text class="tick" x="100%" y="{_HEIGHT - 4}" text-anchor="end">'
        f"highest {formats.money(market.ceiling)}</text>",
    )


def summarise(market: Spread) -> str:
    """The same figures in words."""
    across = formats.plural(market.providers_n, "provider")
    return (
        f"{across}, each with its lowest price: from {formats.money(market.floor)} to {formats.money(market.ceiling)}, "
        f"the middle half from {formats.money(market.p25)} to {formats.money(market.p75)}, "
        f"median {formats.money(market.median)}."
    )


def _anchor(share: Decimal) -> str:
    return "start" if share < _NEAR_AN_END else "end" if share > 1 - _NEAR_AN_END else "middle"
