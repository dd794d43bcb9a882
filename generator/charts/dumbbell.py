"""Two prices for each of many GPUs: two dots on one line, which show the gap between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import formats
from generator.charts import svg

_ROW = 40
_TOP = 26
_LABEL = 26
_NAME = 20
_MARGIN = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Pair:
    """A GPU and its price at both providers, in US dollars."""

    label: str
    a: Decimal
    b: Decimal


def dumbbell(rows: Sequence[Pair], a: str, b: str, *, title: str, summary: str = "") -> str:
    """A line for each row on one axis from zero; `a` and `b` name the two providers; "" for no rows.

    `summary` describes all rows where only some are drawn.
    """
    if not rows:
        return ""
    most = max(max(row.a, row.b) for row in rows) or Decimal(1)

    def x(price: Decimal) -> str:
        return svg.part(_MARGIN + price / most * (1 - 2 * _MARGIN))

    lines = [_line(row, _TOP + _ROW * n, x(row.a), x(row.b)) for n, row in enumerate(rows)]
    return svg.chart(
        "dumbbell", title, summary or summarise(rows, a, b), _TOP + _ROW * len(rows), _legend(a, b), *lines
    )


def summarise(rows: Sequence[Pair], a: str, b: str) -> str:
    """How often each side is cheaper; prices that round to the same count as equal."""
    unequal = [row for row in rows if formats.money(row.a) != formats.money(row.b)]
    cheaper_a, cheaper_b = sum(row.a < row.b for row in unequal), sum(row.b < row.a for row in unequal)
    same = len(rows) - len(unequal)
    equal = f", {same} at the same price" if same else ""
    return f"Of {len(rows)} compared, {a} is cheaper for {cheaper_a}, {b} for {cheaper_b}{equal}."


def table(rows: Sequence[Pair], a: str, b: str) -> tuple[tuple[str, ...], ...]:
    """The same data as rows, the first the headings."""
    return (("GPU", a, b), *((row.label, formats.money(row.a), formats.money(row.b)) for row in rows))


def _legend(a: str, b: str) -> str:
    return (
        '<text x="0" y="12" class="legend"><tspan class="t1">●</tspan>'
        f'<tspan dx="5">{svg.text(svg.shortened(a, _NAME))}</tspan><tspan class="t2" dx="16">○</tspan>'
        f'<tspan dx="5">{svg.text(svg.shortened(b, _NAME))}</tspan></text>'
    )


def _line(row: Pair, top: int, a: str, b: str) -> str:
    return (
        f'<g class="mark" transform="translate(0 {top})">'
        f'<text y="13" class="label">{svg.text(svg.shortened(row.label, _LABEL))}</text>'
        f'<text x="100%" y="13" class="value" text-anchor="end"><tspan class="t1">{formats.money(row.a)}</tspan>'
        f'<tspan class="t2" dx="10">{formats.money(row.b)}</tspan></text>'
        f'<line class="grid" x2="100%" y1="26" y2="26"/><line class="stem" x1="{a}" x2="{b}" y1="26" y2="26"/>'
        f'<circle class="dot s1" cx="{a}" cy="26" r="5" fill="currentColor"/>'
        f'<circle class="dot s2 hollow" cx="{b}" cy="26" r="5" fill="none" stroke="currentColor"/></g>'
    )
