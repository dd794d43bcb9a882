"""A GPU's prices in a list: from its lowest to its highest, on one axis for all GPUs of the site.

The axis is logarithmic, so that the same distance is the same factor; it is the same on every page.
"""

import math
from decimal import Decimal
from functools import lru_cache

from generator.charts import svg

LOWEST, HIGHEST = Decimal("0.05"), Decimal(20)
"""The ends of the axis, US dollars per GPU-hour; what lies beyond is drawn at the end."""
_LEFT, _WIDTH = 5, 110
_SPAN = math.log(HIGHEST / LOWEST)


@lru_cache(maxsize=4096)
def price_range(floor: Decimal, median: Decimal, ceiling: Decimal) -> str:
    """A line with a dot at the lowest price and a tick at the median; screen readers have the figures beside it."""
    least, middle, most = (svg.number(_LEFT + _share(price) * _WIDTH) for price in (floor, median, ceiling))
    return (
        f'<svg class="range" aria-hidden="true"><path class="track" d="M{_LEFT} 6h{_WIDTH}"/>'
        f'<path d="M{least} 6H{most}M{middle} 2v8"/><circle cx="{least}" cy="6" r="3.5"/></svg>'
    )


def _share(price: Decimal) -> float:
    return min(max(math.log(price / LOWEST) / _SPAN, 0.0), 1.0) if price > 0 else 0.0
