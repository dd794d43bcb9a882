"""The picture of a page, 1200 by 630 pixels, as networks show it where its address is shared.

Its times are months: what it shows is then the same on most days, so that most builds draw nothing again.  The page
that it leads to has the day.
"""

from collections.abc import Iterator
from datetime import datetime

from generator import formats
from generator.charts import svg
from generator.charts.card_drawings import ACCENT, INK, MUTED, WIDTH
from generator.model.card import Card

SIZE = (1200, 630)
PAPER = "#fbfbf9"
_MARGIN = 64
_BESIDE_A_TREND = 540  # pixels for the figure and its words
_NARROW, _WIDE = frozenset("iIjlft.,:;'|!()[]- "), frozenset("mwMW@%—…")
_TOP = (  # of every picture: the mark, the site's name, the month
    f'<path d="M{_MARGIN + 4} 88h16v-14h18v-14h18" fill="none" stroke="{ACCENT}" stroke-width="8"/>'
    f'<text x="{_MARGIN + 74}" y="89" font-size="32" font-weight="600" fill="{INK}">{{name}}</text>'
    f'<text x="{SIZE[0] - _MARGIN}" y="89" font-size="28" fill="{MUTED}" text-anchor="end">{{month}}</text>'
)


def card(name: str, heading: str, description: str, shown: Card, read_at: datetime | None) -> str:
    """The picture as SVG, in the font Inter: the site's name, the page's heading, its figure or its description."""
    top = _TOP.format(name=svg.text(svg.shortened(name, 32)), month=month(read_at))
    below = _figure(heading, shown) if shown.figure else _words(heading, description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE[0]}" height="{SIZE[1]}" font-family="Inter">'
        f'<rect width="{SIZE[0]}" height="{SIZE[1]}" fill="{PAPER}"/>'
        f'<rect width="{SIZE[0]}" height="12" fill="{ACCENT}"/>{top}{"".join(below)}</svg>'
    )


def month(read_at: datetime | None) -> str:
    """When the prices were read, in words; "" where there are none."""
    return f"Prices of {formats.long_month(formats.iso_day(read_at)[:7])}" if read_at else ""


def _figure(heading: str, shown: Card) -> Iterator[str]:
    room = _BESIDE_A_TREND if shown.trend else WIDTH
    lower = 0 if shown.scale else 48  # there is room below
    yield _text(180 + lower, _fitting(heading, 54, WIDTH), INK, _line_of(heading, 34, WIDTH), bold=True)
    yield _text(318 + 2 * lower, _fitting(shown.figure, 128, room), ACCENT, shown.figure, bold=True)
    for n, line in enumerate(_wrapped(shown.said, 30, room, 2)):
        yield _text(372 + 2 * lower + 38 * n, 30, MUTED, line)
    yield f'<g transform="translate({_MARGIN} {150 + 2 * lower})">{shown.scale}{shown.trend}</g>'


def _words(heading: str, description: str) -> Iterator[str]:
    lines = _wrapped(heading, 68, WIDTH, 3)
    for n, line in enumerate(lines):
        yield _text(220 + 80 * n, 68, INK, line, bold=True)
    below = 220 + 80 * len(lines)
    for n, line in enumerate(_wrapped(description, 32, WIDTH, 4)):
        yield _text(below + 44 * n, 32, MUTED, line)


def _text(y: int, size: int, colour: str, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{_MARGIN}" y="{y}" font-size="{size}"{weight} fill="{colour}">{svg.text(words)}</text>'


def _width(words: str) -> float:
    """The width of words, about, as a multiple of the font's size; rather too wide."""
    return sum(
        0.34 if char in _NARROW else 0.92 if char in _WIDE else 0.58 if char.islower() else 0.68 for char in words
    )


def _fitting(words: str, most: int, room: int) -> int:
    """The largest size, down from `most`, in which words fit a line."""
    return min(most, max(34, int(room / max(_width(words), 1))))


def _line_of(words: str, size: int, room: int) -> str:
    """Words cut to what fits a line of that size."""
    return _wrapped(words, size, room, 1)[0]


def _wrapped(words: str, size: int, room: int, most: int) -> list[str]:
    """Words in at most so many lines; what has no room is cut."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer) * size <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += " …"
    return [_cut(line, size, room) for line in shown]


def _cut(line: str, size: int, room: int) -> str:
    while _width(line) * size > room:
        line = line.removesuffix("…").rstrip()[:-1].rstrip() + "…"
    return line
