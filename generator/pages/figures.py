"""Charts with their titles and summaries, as pages show them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from generator import formats
from generator.charts import dumbbell, position, spread
from generator.charts.trend import Series, summarise, table, trend
from generator.labels import PRICING
from generator.model.blocks import Figure, Link, SharedPrice, StatLine

MONTH = timedelta(days=30)
YEAR = timedelta(days=365)
_ENOUGH = 3
_DRAWN = 30  # at most so many GPUs in a chart


def trend_figure(
    title: str, series: Sequence[Series], end: datetime, span: timedelta, credit: Sequence[str]
) -> Figure | None:
    """Prices over a span that ends at `end`; None where none is known."""
    return _figure(title, series, end - span, end, credit)


def whole_history_figure(title: str, series: Sequence[Series], credit: Sequence[str]) -> Figure | None:
    """Prices from the first known day to the last."""
    segments = [segment for one in series for segment in one.segments]
    if not segments:
        return None
    start, end = min(segment.start for segment in segments), max(segment.end for segment in segments)
    return _figure(title, series, start, end, credit)


def year_figure(name: str, series: Sequence[Series], end: datetime, credit: Sequence[str]) -> Figure | None:
    """Prices over the last year, or the whole history where the last year has none."""
    last_year = trend_figure(f"{name}: on-demand price, one year", series, end, YEAR, credit)
    return last_year or whole_history_figure(f"{name}: on-demand price, whole history", series, credit)


def _figure(
    title: str, series: Sequence[Series], start: datetime, end: datetime, credit: Sequence[str]
) -> Figure | None:
    shown = [one for one in series if any(segment.end > start and segment.start < end for segment in one.segments)]
    if not shown:
        return None
    labels, summary = " ".join(one.label for one in shown), summarise(shown, start, end)
    return Figure(
        title=title,
        svg=trend(shown, start, end, title=title, summary=summary),
        summary=summary,
        table=table(shown, start, end),
        credit="; ".join(line for line in credit if line.split(" (")[0] in labels),
    )


def spread_figure(name: str, lines: Sequence[StatLine]) -> Figure | None:
    """Floor, quartiles and ceiling of each pricing type; None where no type has three providers."""
    rows = [
        spread.Spread(
            PRICING[line.pricing_type],
            line.floor,
            line.p25,
            line.median,
            line.p75,
            line.ceiling,
            line.providers_n,
        )
        for line in lines
        if line.providers_n >= _ENOUGH
    ]
    title = f"{name}: price spread across providers"
    return Figure(title, spread.spread(rows, title=title), spread.summarise(rows)) if rows else None


def position_figure(name: str, ratios: Sequence[tuple[Link, Decimal]]) -> Figure | None:
    """Each GPU's price at a provider divided by the market median, the lowest first; of many, both ends."""
    rows = [position.Position(link.text, ratio) for link, ratio in sorted(ratios, key=lambda found: found[1])]
    if not rows:
        return None
    ends = rows if len(rows) <= _DRAWN else [*rows[: _DRAWN // 2], *rows[-_DRAWN // 2 :]]
    title, summary = f"{name} against the market median", position.summarise(rows)
    title += _cut(ends, rows, "the lowest and the highest")
    return Figure(title, position.position(ends, title=title, summary=summary), summary, position.table(ends))


def shared_prices_figure(a: str, b: str, shared: Sequence[SharedPrice]) -> Figure | None:
    """Both prices of each GPU that both providers rent out; of many, the first."""
    rows = [dumbbell.Pair(price.subject.text, price.a, price.b) for price in shared]
    if not rows:
        return None
    title, summary = f"{a} and {b}: on-demand price per GPU-hour", dumbbell.summarise(rows, a, b)
    title += _cut(rows[:_DRAWN], rows, "the most expensive")
    return Figure(title, dumbbell.dumbbell(rows[:_DRAWN], a, b, title=title, summary=summary), summary)


def _cut(drawn: Sequence[object], rows: Sequence[object], which: str) -> str:
    """What a title adds where not every GPU is drawn."""
    return "" if len(drawn) == len(rows) else f", {formats.part_of(len(drawn), len(rows), 'GPU', which)}"
