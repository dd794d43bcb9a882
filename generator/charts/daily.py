"""Availability day by day as a strip the size of a word, for tables with a row for each provider or GPU."""

from functools import lru_cache
from itertools import groupby

from generator.charts import svg
from generator.formats import plural

_DAY, _HEIGHT, _LOW = 3, 14, 5


@lru_cache(maxsize=4096)
def daily(days: str) -> str:
    """A bar for each day, the oldest first: high for "i" (in stock at some time), low for "o" (at none), else none.

    Screen readers are told on how many of the days observed it was in stock, and whether on the last.
    """
    marks, x = "", 0
    for state, run in groupby(days):
        wide = len(list(run)) * _DAY
        marks += _mark(state, x, wide)
        x += wide
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="daily" role="img" aria-label="{svg.text(summarise(days))}" '
        f'width="{x}" height="{_HEIGHT + 1}"><path class="track" d="M0 {_HEIGHT}.5h{x}"/>{marks}</svg>'
    )


def summarise(days: str) -> str:
    """On how many of the days observed it was in stock, in words."""
    known = days.replace("-", "")
    if not known:
        return "not observed"
    last = "in stock" if known[-1] == "i" else "sold out"
    return f"in stock on {known.count('i')} of {plural(len(known), 'day')} observed, {last} on the last"


def _mark(state: str, x: int, wide: int) -> str:
    height = {"i": _HEIGHT, "o": _LOW}.get(state)
    if not height:
        return ""
    look = "in" if state == "i" else "out"
    return f'<path class="{look}" d="M{x} {_HEIGHT - height}h{wide}v{height}h-{wide}z"/>'
