"""A share as a bar the size of a word, for tables that show the figure beside it."""

from decimal import Decimal
from functools import lru_cache

from generator.charts import svg

_WIDTH, _HEIGHT = 72, 8


@lru_cache(maxsize=4096)
def meter(share: Decimal) -> str:
    """A bar filled from the left, empty at 0 and full at 1; hidden from screen readers, which read the figure."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="meter" aria-hidden="true" width="{_WIDTH}" height="{_HEIGHT}">'
        f'<rect class="track" width="{_WIDTH}" height="{_HEIGHT}" rx="1"/>'
        f'<rect class="s1" width="{svg.number(share * _WIDTH)}" height="{_HEIGHT}" rx="1" fill="currentColor" '
        'stroke="none"/></svg>'
    )
