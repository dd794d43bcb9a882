"""A provider against the others: each of its prices divided by the other sellers' median for the same GPU."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import formats
from generator.charts import svg

_ROW = 24
_TOP = 22
_LABEL = 20
_LEFT, _RIGHT = Decimal("0.42"), Decimal("0.84")
_AT_LEAST = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Position:
    """One GPU; `ratio` is the provider's price divided by the other sellers' median (0.9: 10% below)."""

    label: str
    ratio: Decimal


def position(rows: Sequence[Position], *, title: str, summary: str = "") -> str:
    """A dot for each row, left or right of the median's line, in the order given; "" for no rows.

    `summary` describes all rows where only some are drawn.
    """
    if not rows:
        return ""
    low = min(1 - _AT_LEAST, *(row.ratio for row in rows))
    high = max(1 + _AT_LEAST, *(row.ratio for row in rows))

    def x(ratio: Decimal) -> str:
        return svg.part(_LEFT + (ratio - low) / (high - low) * (_RIGHT - _LEFT))

    height, centre = _TOP + _ROW * len(rows), x(Decimal(1))
    return svg.chart(
        "position",
        title,
        summary or summarise(rows),
        height,
        f'<text x="{centre}" y="12" class="tick" text-anchor="middle">median of others</text>'
        f'<line class="axis" x1="{centre}" x2="{centre}" y1="{_TOP - 4}" y2="{height}" stroke="currentColor"/>',
        *(_row(row, _TOP + _ROW * n + 12, x(row.ratio), centre) for n, row in enumerate(rows)),
    )


def summarise(rows: Sequence[Position]) -> str:
    """How many of the GPUs cost less and how many more than the median of the others, and the furthest of each."""
    below, above = [row for row in rows if row.ratio < 1], [row for row in rows if row.ratio > 1]
    counts = f"{len(below)} of {formats.plural(len(rows), 'GPU')} below the median of the others, {len(above)} above"
    ends = []
    if below:
        ends.append(_end("furthest below", min(below, key=lambda row: row.ratio)))
    if above:
        ends.append(_end("furthest above", max(above, key=lambda row: row.ratio)))
    return "; ".join([counts, *ends]) + "."


def table(rows: Sequence[Position]) -> tuple[tuple[str, ...], ...]:
    """The same data as rows, the first the headings."""
    return (("GPU", "Against the median of the others"), *((row.label, _gap(row.ratio)) for row in rows))


def _row(row: Position, y: int, x: str, centre: str) -> str:
    side = "s1" if row.ratio <= 1 else "s2"
    return (
        f'<g class="mark"><text x="0" y="{y + 4}" class="label">{svg.text(svg.shortened(row.label, _LABEL))}</text>'
        f'<line class="stem {side}" x1="{centre}" x2="{x}" y1="{y}" y2="{y}" stroke="currentColor"/>'
        f'<circle class="dot {side}" cx="{x}" cy="{y}" r="4.5" fill="currentColor"/>'
        f'<text x="100%" y="{y + 4}" class="value" text-anchor="end">{_gap(row.ratio)}</text></g>'
    )


def _end(words: str, row: Position) -> str:
    return f"{words}: {row.label} ({_gap(row.ratio)})"


def _gap(ratio: Decimal) -> str:
    return formats.percent(ratio - 1, 0)
