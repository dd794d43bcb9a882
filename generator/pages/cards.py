"""What the pictures of pages show, by page type: the figure of the page's answer, its scale, and the line over time."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_line, stat_lines
from generator.catalogue.views.indices import index_series
from generator.catalogue.views.trends import end_of_day, floor_series
from generator.charts.card_drawings import markets, over_time
from generator.charts.market_scale import Market
from generator.charts.series import Series
from generator.charts.spread import Spread
from generator.formats import money, plural
from generator.labels import PRICING
from generator.model.blocks import GpuLine, ProviderLine, StatLine
from generator.model.card import Card
from generator.model.indices import Index
from generator.model.lists import PlaceLine, SetLine
from generator.model.offer_table import OfferLine
from generator.model.workloads import Candidate
from generator.pages.figures import YEAR


def of_gpu(read: SliceReader, gpu: GpuLine, read_at: datetime | None) -> Card:
    """The lowest ranked price on demand, on the scale of the market, and over the last year."""
    if gpu.floor is None or gpu.floor_provider is None:
        return Card()
    said = f"per GPU-hour: lowest on demand, at {gpu.floor_provider.text}"
    return Card(money(gpu.floor), said, read_at, _scale(read, [gpu.slug]), _year(read, read(floor_series, gpu.slug)))


def of_ranking(read: SliceReader, slug: str, pricing_type: str, best: OfferLine) -> Card:
    """The first price of a list of one GPU's providers."""
    said = f"per GPU-hour: lowest {PRICING[pricing_type].lower()}, at {best.provider.text}"
    trend = _year(read, read(floor_series, slug)) if pricing_type == "on_demand" else ""
    return Card(money(best.price_as(pricing_type)), said, best.confirmed_at, _scale(read, [slug], pricing_type), trend)


def of_offer(read: SliceReader, gpu: GpuLine, best: OfferLine | None) -> Card:
    """A provider's lowest price of a GPU, where it lies on the GPU's market."""
    if best is None or best.price_per_gpu_hour is None:
        return Card()
    said = f"per GPU-hour on demand, for {gpu.short_name}"
    scale = _scale(read, [gpu.slug], at=best.price_per_gpu_hour)
    return Card(money(best.price_per_gpu_hour), said, best.confirmed_at, scale)


def of_pair(read: SliceReader, a: GpuLine, b: GpuLine) -> Card:
    """Both GPUs' lowest prices, on one scale."""
    if a.floor is None or b.floor is None:
        return Card()
    figure = f"{money(a.floor)} vs {money(b.floor)}"
    return Card(figure, "per GPU-hour: lowest on demand of each", scale=_scale(read, [a.slug, b.slug]))


def of_variants(lines: Sequence[GpuLine]) -> Card:
    """The lowest price of a chip's variants."""
    best = min((line for line in lines if line.floor), key=_floor, default=None)
    return _lowest(best.floor, f"for {best.short_name}") if best else Card()


def of_provider(line: ProviderLine, cheapest: str) -> Card:
    """A provider's lowest ranked price, and the GPU that it is for."""
    return _lowest(line.floor, f"for {cheapest}", line.confirmed_at) if line.floor and cheapest else Card()


def of_set(lines: Sequence[SetLine]) -> Card:
    """The lowest price of a list of GPUs."""
    return _lowest(lines[0].floor, f"for {lines[0].gpu.short_name}, at {lines[0].provider.text}")


def of_place(lines: Sequence[PlaceLine]) -> Card:
    """The lowest price in a country or a continent."""
    return _lowest(lines[0].floor, f"for {lines[0].gpu.text}, at {lines[0].provider.text}") if lines else Card()


def of_workload(found: Sequence[Candidate]) -> Card:
    """What the cheapest GPUs for a workload cost per hour."""
    if not found:
        return Card()
    best = found[0]
    said = f"per hour: the cheapest that fits, {best.gpus_n}× {best.gpu.short_name} at {best.cheapest.provider.text}"
    return Card(money(best.price_per_hour), said, best.cheapest.confirmed_at)


def of_index(read: SliceReader, slug: str, main: Index | None) -> Card:
    """The value of an index, and how it moved over the last year."""
    if main is None:
        return Card()
    line = main.line
    said = f"per GPU-hour {PRICING[line.pricing_type].lower()}: median of {plural(line.providers_n, 'provider')}"
    at = datetime.combine(line.on, datetime.min.time(), read(end_of_day).tzinfo)
    return Card(money(line.value), said, at, trend=_year(read, read(index_series, slug)))


def _lowest(floor: Decimal | None, what: str, read_at: datetime | None = None) -> Card:
    return Card(f"from {money(floor)}", f"per GPU-hour on demand, {what}", read_at)


def _scale(read: SliceReader, slugs: Sequence[str], pricing_type: str = "on_demand", at: Decimal | None = None) -> str:
    """The markets of these GPUs on one axis; "" where one has none."""
    found = [(slug, _market(read(stat_lines, slug), pricing_type)) for slug in slugs]
    drawn = [Market(_figures(read(gpu_line, slug).short_name, market)) for slug, market in found if market]
    return markets(drawn, at) if len(drawn) == len(found) else ""


def _market(lines: Sequence[StatLine], pricing_type: str) -> StatLine | None:
    return next((line for line in lines if line.pricing_type == pricing_type), None)


def _figures(name: str, line: StatLine) -> Spread:
    return Spread(name, line.floor, line.p25, line.median, line.p75, line.ceiling, line.providers_n)


def _year(read: SliceReader, series: Sequence[Series]) -> str:
    end = read(end_of_day)
    return over_time(series, end - YEAR, end)


def _floor(line: GpuLine) -> Decimal:
    return line.floor or Decimal(0)
