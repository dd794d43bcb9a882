"""A share as a bar the size of a word, for tables that show the figure beside it."""

from decimal import Decimal

from generator.charts import svg

_WIDTH, _HEIGHT = 72, 8


def meter(share: Decimal) -> str:
    """A bar filled from the left, empty at 0 and full at 1; hidden from screen readers, which read the figure."""
    return svg.tag(
        "svg",
        svg.tag("rect", class_="track", width=_WIDTH, height=_HEIGHT, rx=1),
        svg.tag("rect", class_="s1", width=share * _WIDTH, height=_HEIGHT, rx=1, fill="currentColor", stroke="none"),
        xmlns="http://www.w3.org/2000/svg",
        class_="meter",
        aria_hidden="true",
        width=_WIDTH,
        height=_HEIGHT,
    )
