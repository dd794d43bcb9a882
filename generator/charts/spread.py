"""The price spread: for each pricing type a line from floor to ceiling, with a box for the middle half."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import formats
from generator.charts import svg

_ROW = 62
_MARGIN = Decimal("0.18")
_AXIS = 22
_LABEL = 30


@dataclass(frozen=True, slots=True)
class Spread:
    """Five figures of one pricing type, in US dollars per GPU-hour; one vote per provider."""

    label: str
    floor: Decimal
    p25: Decimal
    median: Decimal
    p75: Decimal
    ceiling: Decimal
    providers_n: int


def spread(rows: Sequence[Spread], *, title: str) -> str:
    """A strip for each row, on a common axis from zero, or with its break marked; "" for no rows."""
    if not rows:
        return ""
    low, high = min(row.floor for row in rows), max(row.ceiling for row in rows)
    low = Decimal(0) if low <= high / 2 else low
    strips = [_strip(row, _ROW * n, low, high) for n, row in enumerate(rows)]
    return svg.chart(
        "spread", title, summarise(rows[:1]), _ROW * len(rows) + _AXIS, *strips, _axis(low, _ROW * len(rows))
    )


def summarise(rows: Sequence[Spread]) -> str:
    """The same figures in words."""
    return "\n".join(
        f"{row.label}: {formats.money(row.floor)} to {formats.money(row.ceiling)}, median {formats.money(row.median)}, "
        f"the middle half {formats.money(row.p25)} to {formats.money(row.p75)}, "
        f"{formats.plural(row.providers_n, 'provider')}."
        for row in rows
    )


def table(rows: Sequence[Spread]) -> tuple[tuple[str, ...], ...]:
    """The same data as rows, the first the headings."""
    head = ("Offers", "Lowest", "25%", "Median", "75%", "Highest", "Providers")
    prices = ((row.floor, row.p25, row.median, row.p75, row.ceiling) for row in rows)
    return (
        head,
        *((row.label, *map(formats.money, five), str(row.providers_n)) for row, five in zip(rows, prices, strict=True)),
    )


def _axis(low: Decimal, top: int) -> str:
    x, y = svg.part(_MARGIN), top + 4
    line = f'<line class="axis" x1="{x}" x2="{svg.part(1 - _MARGIN)}" y1="{y}" y2="{y}" stroke="currentColor"/>'
    label = f'<text class="tick" x="{x}" y="{y + 15}" text-anchor="middle">{formats.money(low) if low else "$0"}</text>'
    if not low:
        return line + label
    cut = f'<path class="break" d="M8 {y + 4}l4-8m2 8l4-8" fill="none" stroke="currentColor"/>'
    return f'{line}{label}<svg x="{x}" overflow="visible">{cut}</svg>'


def _strip(row: Spread, top: int, low: Decimal, high: Decimal) -> str:
    def x(price: Decimal) -> str:
        place = (price - low) / (high - low) if high > low else Decimal("0.5")
        return svg.part(_MARGIN + place * (1 - 2 * _MARGIN))

    y = top + 42
    box_width = svg.part((row.p75 - row.p25) / (high - low) * (1 - 2 * _MARGIN)) if high > low else "0%"
    first, left, middle, last = x(row.floor), x(row.p25), x(row.median), x(row.ceiling)
    across = formats.plural(row.providers_n, "provider")
    return (
        f'<g class="mark"><text x="0" y="{top + 12}" class="name">{svg.text(svg.shortened(row.label, _LABEL))}</text>'
        f'<text x="100%" y="{top + 12}" class="tick" text-anchor="end">{across}</text>'
        f'<g class="s1" stroke="currentColor"><line x1="{first}" x2="{last}" y1="{y}" y2="{y}"/>'
        f'<line x1="{first}" x2="{first}" y1="{y - 5}" y2="{y + 5}"/>'
        f'<line x1="{last}" x2="{last}" y1="{y - 5}" y2="{y + 5}"/></g>'
        f'<rect class="box" x="{left}" y="{y - 8}" width="{box_width}" height="16" fill="none"/>'
        f'<line class="median" x1="{middle}" x2="{middle}" y1="{y - 9}" y2="{y + 9}" stroke="currentColor"/>'
        f'<text x="{first}" y="{y + 4}" dx="-6" class="value" text-anchor="end">{formats.money(row.floor)}</text>'
        f'<text x="{last}" y="{y + 4}" dx="6" class="value">{formats.money(row.ceiling)}</text>'
        f'<text x="{middle}" y="{y - 13}" class="note" text-anchor="middle">median {formats.money(row.median)}</text>'
        "</g>"
    )
