"""Charts with their titles and summaries, as pages show them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from generator import formats
from generator.charts import dumbbell, position, scatter, spread, strip
from generator.charts.events import Event, largest
from generator.charts.events import summarise as summarise_events
from generator.charts.market_scale import Market, market_scale
from generator.charts.market_scale import summarise as summarise_markets
from generator.charts.series import known
from generator.charts.trend import Band, Series, finding, summarise, table, trend
from generator.labels import PRICING, SEGMENTS
from generator.model.blocks import Figure, GpuLine, Link, SegmentLine, SharedPrice, StatLine

MONTH = timedelta(days=30)
YEAR = timedelta(days=365)
ALL = timedelta(days=36500)
_ENOUGH = 3
_DRAWN = 18  # at most so many GPUs in a chart with a row for each
_PAIRS = 11
_DOTS = 40


def trend_figure(
    name: str,
    series: Sequence[Series],
    end: datetime,
    span: timedelta,
    credit: Sequence[str],
    band: Band | None = None,
    events: Sequence[Event] = (),
) -> Figure | None:
    """Prices of the span before `end`, or of as much of it as is known; None where nothing is."""
    shown = [one for one in series if any(segment.end > end - span and segment.start < end for segment in one.segments)]
    segments = [segment for one in shown for segment in one.segments if segment.end > end - span]
    if not segments:
        return None
    start = max(end - span, min(segment.start for segment in segments))
    return _figure(name, shown, start, min(end, max(segment.end for segment in segments)), credit, band, (), events)


def whole_history_figure(name: str, series: Sequence[Series], credit: Sequence[str]) -> Figure | None:
    """Prices from the first known day to the last."""
    ends = [segment.end for one in series for segment in one.segments]
    return trend_figure(name, series, max(ends), ALL, credit) if ends else None


def year_figure(
    name: str,
    series: Sequence[Series],
    end: datetime,
    credit: Sequence[str],
    band: Band | None = None,
    events: Sequence[Event] = (),
) -> Figure | None:
    """Prices over the last year, or the whole history where the last year has none."""
    return trend_figure(name, series, end, YEAR, credit, band, events) or whole_history_figure(name, series, credit)


def pair_figures(
    one: tuple[str, Sequence[Series]],
    other: tuple[str, Sequence[Series]],
    end: datetime,
    span: timedelta,
    credit: Sequence[str],
) -> tuple[Figure, ...]:
    """Two GPUs' prices of the span before `end`, by name: a chart for each, on the same axes.

    None where nothing is known of one of them.
    """
    lines = one[1], other[1]
    segments = [segment for own in lines for line in own for segment in line.segments if segment.end > end - span]
    start = max(end - span, min((segment.start for segment in segments), default=end))
    last = min(end, max((segment.end for segment in segments), default=end))
    if not all(any(known(line, start, last) for line in own) for own in lines):
        return ()
    both = ((*one, other[1]), (*other, one[1]))
    return tuple(_figure(name, own, start, last, credit, None, beside) for name, own, beside in both)


def _figure(
    name: str,
    series: Sequence[Series],
    start: datetime,
    end: datetime,
    credit: Sequence[str],
    band: Band | None,
    beside: Sequence[Series] = (),
    events: Sequence[Event] = (),
) -> Figure:
    """The title has the days of the first and the last price drawn, here or in the chart beside it.

    Events, which are our own observations, are shown beside prices of our own.
    """
    happened = largest(events, start, end) if any(one.kind == "own" for one in series) else ()
    title = f"{name}, {formats.day(start, end.year)} to {formats.day(end)}"
    labels, found = " ".join(one.label for one in series), finding(series, start, end)
    return Figure(
        title=title,
        svg=trend(series, start, end, title=title, summary=found, band=band, beside=beside, events=happened),
        summary="\n".join(filter(None, (summarise(series, start, end), summarise_events(happened)))),
        table=table(series, start, end),
        credit="; ".join(line for line in credit if line.split(" (")[0] in labels),
        span=(start.date(), end.date()),
        finding=found,
    )


def stock_figure(name: str, stretches: Sequence[strip.Stretch]) -> Figure | None:
    """Whether a GPU was in stock, day by day; None where that is known of fewer than two days, or never changed."""
    if not stretches:
        return None
    first, last = stretches[0].first, stretches[-1].last
    title = f"{name}: stock, {formats.day(first, last.year)} to {formats.day(last)}"
    drawn, found = strip.strip(stretches, title=title), strip.finding(stretches)
    return Figure(title, drawn, found, strip.table(stretches), span=(first, last)) if drawn else None


def spread_figure(name: str, lines: Sequence[StatLine], segments: Sequence[SegmentLine] = ()) -> Figure | None:
    """Floor, quartiles and ceiling by pricing type, and on demand by segment; None where none has three providers."""
    rows = [_spread(line) for line in lines if line.providers_n >= _ENOUGH]
    if rows:
        rows.extend(_spread_of(one) for one in segments if one.providers_n >= _ENOUGH)
    title = f"{name}: price spread across providers"
    if not rows:
        return None
    drawn, said, first = spread.spread(rows, title=title), spread.summarise(rows), spread.summarise(rows[:1])
    return Figure(title, drawn, said, spread.table(rows), finding=first)


def market_figure(name: str, lines: Sequence[StatLine], prices: Sequence[Decimal]) -> Figure | None:
    """A GPU's on-demand market on one line, with these prices on it; None where nothing or one price is ranked."""
    market = _on_demand(lines)
    return (
        _markets(f"{name} on demand, each provider’s lowest price", [Market(_spread(market), prices)])
        if market
        else None
    )


def two_markets_figure(one: tuple[str, Sequence[StatLine]], other: tuple[str, Sequence[StatLine]]) -> Figure | None:
    """Two GPUs' on-demand markets on one axis, by name; None where either has none."""
    markets = [(name, _on_demand(lines)) for name, lines in (one, other)]
    drawn = [Market(replace(_spread(market), label=name)) for name, market in markets if market]
    return _markets(f"{one[0]} and {other[0]} on demand", drawn) if len(drawn) == len(markets) else None


def _markets(title: str, markets: Sequence[Market]) -> Figure | None:
    drawn = market_scale(markets, title=title)
    return Figure(title, drawn, summarise_markets(markets)) if drawn else None


def _on_demand(lines: Sequence[StatLine]) -> StatLine | None:
    return next((line for line in lines if line.pricing_type == "on_demand"), None)


def _spread_of(one: SegmentLine) -> spread.Spread:
    label = f"{SEGMENTS[one.segment]}, on demand"
    return spread.Spread(label, one.floor, one.p25, one.median, one.p75, one.ceiling, one.providers_n)


def _spread(line: StatLine) -> spread.Spread:
    return spread.Spread(
        PRICING[line.pricing_type], line.floor, line.p25, line.median, line.p75, line.ceiling, line.providers_n
    )


def price_figures(lines: Sequence[GpuLine]) -> tuple[Figure, ...]:
    """The lowest on-demand prices of GPUs against their memory and their speed; of each those that state it."""
    memory = [(line, line.vram_gb) for line in lines]
    speed = [(line, line.fp16_tflops) for line in lines]
    drawn = (_against("memory", "GB", memory), _against("FP16 speed", "TFLOPS", speed))
    return tuple(figure for figure in drawn if figure)


def _against(quantity: str, unit: str, lines: Sequence[tuple[GpuLine, int | Decimal | None]]) -> Figure | None:
    dots = [scatter.Dot(line.short_name, Decimal(of), line.floor) for line, of in lines if of and line.floor]
    title = f"Lowest price against {quantity}"
    drawn = scatter.scatter(dots[:_DOTS], title=title, quantity=quantity, unit=unit)
    if not drawn:
        return None
    title += _cut(dots[:_DOTS], dots, "those with the most providers")
    shown = dots[:_DOTS]
    said, first = scatter.summarise(shown, quantity, unit), scatter.finding(shown, quantity, unit)
    return Figure(title, drawn, said, scatter.table(shown, quantity, unit), finding=first)


def position_figure(name: str, ratios: Sequence[tuple[Link, Decimal]]) -> Figure | None:
    """Each GPU's price at a provider divided by the other sellers' median, the lowest first; of many, both ends."""
    rows = [position.Position(link.text, ratio) for link, ratio in sorted(ratios, key=lambda found: found[1])]
    if not rows:
        return None
    ends = rows if len(rows) <= _DRAWN else [*rows[: _DRAWN // 2], *rows[-_DRAWN // 2 :]]
    title, summary = f"{name} against the other sellers' median", position.summarise(rows)
    title += _cut(ends, rows, "the lowest and the highest")
    return Figure(title, position.position(ends, title=title, summary=summary), summary, position.table(ends))


def shared_prices_figure(a: str, b: str, shared: Sequence[SharedPrice]) -> Figure | None:
    """Both prices of each GPU that both providers rent out in the same number; of many, the first."""
    rows = [dumbbell.Pair(price.subject.text, price.a, price.b) for price in shared if price.is_like]
    if not rows:
        return None
    title, summary = f"{a} and {b}: on-demand price per GPU-hour", dumbbell.summarise(rows, a, b)
    title += _cut(rows[:_PAIRS], rows, "the most expensive")
    return Figure(
        title,
        dumbbell.dumbbell(rows[:_PAIRS], a, b, title=title, summary=summary),
        summary,
        dumbbell.table(rows[:_PAIRS], a, b),
    )


def _cut(drawn: Sequence[object], rows: Sequence[object], which: str) -> str:
    """What a title adds where not every GPU is drawn."""
    return "" if len(drawn) == len(rows) else f", {formats.part_of(len(drawn), len(rows), 'GPU', which)}"
