"""The price spread: for each pricing type a line from floor to ceiling, with a box for the middle half."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import formats
from generator.charts import svg

_ROW = 62
_MARGIN = Decimal("0.18")


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
    """A strip for each row, on a common axis that starts at the lowest floor; "" for no rows."""
    if not rows:
        return ""
    low, high = min(row.floor for row in rows), max(row.ceiling for row in rows)
    strips = [part for n, row in enumerate(rows) for part in _strip(row, _ROW * n, low, high)]
    return svg.chart("spread", title, summarise(rows), _ROW * len(rows), *strips)


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


def _strip(row: Spread, top: int, low: Decimal, high: Decimal) -> list[str]:
    def x(price: Decimal) -> str:
        place = (price - low) / (high - low) if high > low else Decimal("0.5")
        return svg.part(_MARGIN + place * (1 - 2 * _MARGIN))

    y = top + 42
    box_width = svg.part((row.p75 - row.p25) / (high - low) * (1 - 2 * _MARGIN)) if high > low else "0%"
    return [
        svg.text(row.label, 0, top + 12, class_="name"),
        svg.text(formats.plural(row.providers_n, "provider"), "100%", top + 12, class_="tick", text_anchor="end"),
        svg.tag("line", class_="s1", x1=x(row.floor), x2=x(row.ceiling), y1=y, y2=y, stroke="currentColor"),
        svg.tag("rect", class_="box", x=x(row.p25), y=y - 8, width=box_width, height=16, fill="none"),
        *(
            svg.tag("line", class_="s1", x1=x(end), x2=x(end), y1=y - 5, y2=y + 5, stroke="currentColor")
            for end in (row.floor, row.ceiling)
        ),
        svg.tag("line", class_="median", x1=x(row.median), x2=x(row.median), y1=y - 9, y2=y + 9, stroke="currentColor"),
        svg.text(formats.money(row.floor), x(row.floor), y + 4, dx=-6, class_="value", text_anchor="end"),
        svg.text(formats.money(row.ceiling), x(row.ceiling), y + 4, dx=6, class_="value"),
        svg.text(f"median {formats.money(row.median)}", x(row.median), y - 13, class_="note", text_anchor="middle"),
    ]
