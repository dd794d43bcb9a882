"""The legend below a chart: what its signs stand for, in rows that fit on a phone."""

from collections.abc import Sequence
from typing import NamedTuple

from generator.charts import svg

_ROW = 16
_LETTERS = 40  # in a row
_NAME_AT_MOST = 46
_BETWEEN = "\u2003"  # an em wide


class Key(NamedTuple):
    """A sign with its colour's class, and what it stands for.

    `at_end`: the label at a line's end says it too, where the chart is wide enough for that.
    """

    sign: str
    look: str
    name: str
    at_end: bool = False


class Legend(NamedTuple):
    """The rows' elements, their height in pixels, and how many rows a wide chart does without: the last ones."""

    rows: tuple[str, ...]
    height: int
    spare_n: int


def legend(keys: Sequence[Key], top: int) -> Legend:
    """The legend `top` pixels below the chart's upper edge; first what no label says."""
    rows = _rows(sorted(keys, key=lambda key: key.at_end))
    drawn = tuple(_row(row, top + _ROW * n - 5) for n, row in enumerate(rows, 1))
    return Legend(drawn, _ROW * len(rows), sum(all(key.at_end for key in row) for row in rows))


def _rows(keys: Sequence[Key]) -> list[list[Key]]:
    rows: list[list[Key]] = []
    room = 0
    for key in keys:
        room -= len(key.name) + 4
        if not rows or room < 0:
            rows.append([])
            room = _LETTERS - len(key.name)
        rows[-1].append(key)
    return rows


def _row(row: Sequence[Key], y: int) -> str:
    stays, goes = ([_key(key) for key in row if key.at_end is at_end] for at_end in (False, True))
    if not stays:
        return f'<text x="0" y="{y}" class="legend narrow">{_BETWEEN.join(goes)}</text>'
    spare = f'<tspan class="narrow">{"".join(_BETWEEN + key for key in goes)}</tspan>' if goes else ""
    return f'<text x="0" y="{y}" class="legend">{_BETWEEN.join(stays)}{spare}</text>'


def _key(key: Key) -> str:
    return f'<tspan class="{key.look}">{key.sign}</tspan> {svg.text(svg.shortened(key.name, _NAME_AT_MOST))}'
