"""A price's course at the size of a word, for tables."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from generator.charts import svg
from generator.charts.series import Segment, Series, summarise, within

_WIDTH, _HEIGHT = 90, 22


def sparkline(segments: Sequence[Segment], start: datetime, end: datetime, *, title: str) -> str:
    """Steps and gaps between two instants, lowest price at the bottom; "" where nothing is known."""
    known = within(segments, start, end)
    if not known:
        return ""
    values = [segment.value for segment in known]
    path = "".join(_step(segment, start, end, min(values), max(values)) for segment in known)
    description = summarise([Series(title, "own", tuple(segments))], start, end)
    return svg.tag(
        "svg",
        svg.tag("title", svg.clean(description)),
        svg.tag("path", class_="line s1", d=path, fill="none", stroke="currentColor"),
        xmlns="http://www.w3.org/2000/svg",
        class_="chart chart-spark",
        role="img",
        width=_WIDTH,
        height=_HEIGHT,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
    )


def _step(segment: Segment, start: datetime, end: datetime, low: Decimal, high: Decimal) -> str:
    """A level stroke; steps of the same line meet in time, so nothing upright is needed at this size."""
    height = (segment.value - low) / (high - low) if high > low else Decimal("0.5")
    first = (segment.start - start) / (end - start) * (_WIDTH - 2) + 1
    last = (segment.end - start) / (end - start) * (_WIDTH - 2) + 1
    return f"M{svg.number(first)} {svg.number(Decimal(_HEIGHT - 3) - height * (_HEIGHT - 6))}H{svg.number(last)}"
