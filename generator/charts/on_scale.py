"""Where a price lies between a market's lowest and highest: the one picture that all prices of the site share."""

from decimal import Decimal
from functools import lru_cache

from generator.charts import svg

_WIDTH, _MIDDLE = 64, 6


@lru_cache(maxsize=4096)
def on_scale(at: Decimal, median: Decimal) -> str:
    """A price on its scale, for the rows of a table: shares from 0, the lowest, to 1, the highest.

    A line with a tick at the median and a dot at the price; hidden from screen readers, which read the figures.
    """
    side = "low" if at <= median else "high"
    return (
        f'<svg class="scale {side}" aria-hidden="true"><path d="M4 6h{_WIDTH}M{_x(median)} 2v8"/>'
        f'<circle cx="{_x(at)}" cy="{_MIDDLE}" r="3.5"/></svg>'
    )


def _x(share: Decimal) -> str:
    return svg.number(4 + share * _WIDTH)
