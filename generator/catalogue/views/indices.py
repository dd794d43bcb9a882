"""Price indices: the median of a fixed panel of providers, day by day, for a GPU, a pricing type and a segment.

Made of our own observations, and separately of each licensed source's readings; the two are never joined.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.panels import COVERED, FloorsByDay, PanelHistory, history_of
from generator.catalogue.rows import IncompleteReadingRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.gpus import MOST_LISTED, gpu_link
from generator.catalogue.views.providers import provider_link
from generator.catalogue.views.trends import ENOUGH_PROVIDERS, own_line, reference_line, sells_on_demand
from generator.charts.trend import Series
from generator.labels import SEGMENTS, segment_of
from generator.model.blocks import Link
from generator.model.indices import CHANGES, Constituent, Excluded, Index, IndexLine

ENOUGH_DAYS = 30
_DRAWN = 5  # of all GPUs, in one chart
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class _Read(NamedTuple):
    """What one source read of a GPU's pricing type: `floors` are those that may count, `refused` the other sellers."""

    source: str
    pricing_type: str
    floors: FloorsByDay
    refused: frozenset[str]


class MarketMedian(NamedTuple):
    """The median of `providers_n` providers, the same on every day; with the licensed source that read their prices."""

    series: Series
    providers_n: int
    source: str
    credit: str


@aggregate
def index_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """The GPUs and chips with enough days of three sellers for an index, those with the most providers first."""
    known = (row for row in catalogue.listed_gpus.values() if row.has_index_days)
    return tuple(row.slug for row in sorted(known, key=lambda row: (-row.providers_n, -row.offers_n, row.slug)))


@aggregate
def index_link(catalogue: Catalogue, slug: str) -> Link | None:
    """The page of a GPU's price index; None where it has none."""
    name = catalogue.gpus[slug].short_name
    return Link(f"{name} price index", urls.price_index(slug)) if slug in index_slugs(catalogue) else None


@aggregate
def indices(catalogue: Catalogue, slug: str) -> tuple[Index, ...]:
    """A GPU's price indices: our own first, then those with the newest value; for the whole market, then by segment."""
    return tuple(_index(catalogue, slug, *one) for one in _measured(catalogue, slug))


@aggregate
def index_lines_of(catalogue: Catalogue, slug: str) -> tuple[IndexLine, ...]:
    """A GPU's current indices of the whole market, one of each pricing type."""
    lines = [index.line for index in indices(catalogue, slug) if index.line.is_current and not index.line.segment]
    return tuple({line.pricing_type: line for line in reversed(lines)}.values())[::-1]


@view
def index_lines(catalogue: Catalogue) -> tuple[IndexLine, ...]:
    """The indices of the whole market, those of the GPUs with the most providers first: as many as a page shows."""
    slugs = index_slugs(catalogue)[:MOST_LISTED]
    catalogue.read_ahead(slugs, "gpus", "offers_by_gpu", "reference_trends", "seller_days", "incomplete_readings")
    return tuple(line for slug in slugs for line in index_lines_of(catalogue, slug))


@aggregate
def index_series(catalogue: Catalogue, slug: str) -> tuple[Series, ...]:
    """The lines of a GPU's indices of the whole market, in their order."""
    found = [(read, history) for read, segment, history in _measured(catalogue, slug) if not segment]
    return tuple(_series(catalogue, read, history) for read, history in found)


@aggregate
def market_median(catalogue: Catalogue, slug: str, pricing_type: str) -> MarketMedian | None:
    """A GPU's market median over time, as its price index has it: our own where there is one, else a licensed one."""
    for read, segment, history in _measured(catalogue, slug):
        if not segment and read.pricing_type == pricing_type:
            line, n = _series(catalogue, read, history), len(history.panel)
            if not read.source:
                return MarketMedian(replace(line, label=f"Market median of {n}"), n, "", "")
            source = catalogue.reference_sources[read.source]
            return MarketMedian(line, n, source.name, f"{source.name} ({source.licence})")
    return None


@view
def leading_series(catalogue: Catalogue) -> tuple[Series, ...]:
    """The lines of the first current indices in the list, by the names of their GPUs."""
    drawn = (_leading(catalogue, slug) for slug in index_slugs(catalogue)[:MOST_LISTED])
    return tuple(islice(filter(None, drawn), _DRAWN))


def _leading(catalogue: Catalogue, slug: str) -> Series | None:
    whole = (index.line for index in indices(catalogue, slug) if not index.line.segment)
    for line, series in zip(whole, index_series(catalogue, slug), strict=True):
        if line.is_current and line.pricing_type == "on_demand":
            return replace(series, label=f"{line.gpu.text}, by {line.source}" if line.source else line.gpu.text)
    return None


def _series(catalogue: Catalogue, read: _Read, history: PanelHistory) -> Series:
    label = f"median of {len(history.panel)}"
    if read.source:
        return reference_line(f"{catalogue.reference_sources[read.source].name}: {label}", history.days, "median")
    kind = "Spot" if read.pricing_type == "spot" else "On demand"
    return own_line(f"{kind}, {label}", history.days, "median")


@view
def _measured(catalogue: Catalogue, slug: str) -> tuple[tuple[_Read, str, PanelHistory], ...]:
    """What of a GPU can be an index: enough days and providers, with a value on enough of the days between."""
    return tuple(
        (read, segment, history)
        for read in sorted(_reads(catalogue, slug), key=_place)
        for segment in ("", *SEGMENTS)
        if _suffices(history := history_of(_of_segment(catalogue, read.floors, segment)))
    )


def _place(read: _Read) -> tuple[bool, int]:
    return bool(read.source), -max(read.floors).toordinal()


def _suffices(history: PanelHistory) -> bool:
    if len(history.panel) < ENOUGH_PROVIDERS or len(history.days) < ENOUGH_DAYS:
        return False
    return len(history.days) >= COVERED * _span(history)


def _span(history: PanelHistory) -> int:
    return (history.days[-1].day - history.days[0].day).days + 1


def _reads(catalogue: Catalogue, slug: str) -> Iterator[_Read]:
    for kind, own in groupby(catalogue.seller_days.get(slug, ()), key=attrgetter("pricing_type")):
        yield _Read("", kind, {row.day: dict(zip(row.providers, row.floors, strict=True)) for row in own}, frozenset())
    for source, rows in groupby(catalogue.reference_trends.get(slug, ()), key=attrgetter("source_slug")):
        read = {row.day: dict(zip(row.providers, row.floors, strict=True)) for row in rows}
        sellers = {seller for floors in read.values() for seller in floors}
        refused = frozenset(seller for seller in sellers if not sells_on_demand(catalogue, slug, seller))
        yield _Read(source, "on_demand", {day: _without(floors, refused) for day, floors in read.items()}, refused)


def _without(floors: Mapping[str, Decimal], refused: frozenset[str]) -> Mapping[str, Decimal]:
    return {seller: price for seller, price in floors.items() if seller not in refused}


def _of_segment(catalogue: Catalogue, floors: FloorsByDay, segment: str) -> FloorsByDay:
    """The floors of a segment's sellers; "" for all."""
    if not segment:
        return floors
    sellers = {seller for of in floors.values() for seller in of}
    chosen = {seller for seller in sellers if seller_segment(catalogue, seller) == segment}
    return {day: {seller: of[seller] for seller in chosen & of.keys()} for day, of in floors.items()}


@aggregate
def seller_segment(catalogue: Catalogue, slug: str) -> str:
    """A provider's segment; "" for one that is not listed."""
    row = catalogue.providers.get(slug)
    return segment_of(row.provider_type) if row else ""


def _index(catalogue: Catalogue, slug: str, read: _Read, segment: str, history: PanelHistory) -> Index:
    last = history.days[-1]
    floors = read.floors[last.day]
    constituents = [
        Constituent(_link(catalogue, seller), seller_segment(catalogue, seller), floors[seller])
        for seller in history.panel
    ]
    return Index(
        IndexLine(
            gpu=Link(gpu_link(catalogue, slug).text, urls.price_index(slug)),
            pricing_type=read.pricing_type,
            segment=segment,
            source=catalogue.reference_sources[read.source].name if read.source else "",
            value=last.median,
            on=last.day,
            since=history.days[0].day,
            changes=_changes(history),
            providers_n=len(history.panel),
            days_n=len(history.days),
            span_n=_span(history),
            is_current=catalogue.day - last.day <= _WEEK,
        ),
        tuple(sorted(constituents, key=lambda one: (one.price, one.provider.text))),
        () if segment else tuple(_excluded(catalogue, slug, read, history)),
        tuple(
            (one.day + _DAY, other.day - _DAY) for one, other in pairwise(history.days) if other.day - one.day > _DAY
        ),
    )


def _changes(history: PanelHistory) -> tuple[Decimal | None, ...]:
    """The changes up to the last day; those that begin on a day without a value are None."""
    values = {day.day: day.median for day in history.days}
    last = history.days[-1]
    before = [values.get(last.day - timedelta(days)) for days in CHANGES]
    return tuple(round(last.median / then - 1, 4) if then else None for then in before)


def _excluded(catalogue: Catalogue, slug: str, read: _Read, history: PanelHistory) -> Iterator[Excluded]:
    """The sellers that do not count, with the reason: those read on the most days first."""
    last, days_of = max(read.floors), dict[str, list[date]]()
    for day, floors in sorted(read.floors.items()):
        for seller in floors.keys() - history.panel:
            days_of.setdefault(seller, []).append(day)
    for seller, days in sorted(days_of.items(), key=lambda found: (-len(found[1]), found[0])):
        reason = "partly" if days[-1] == last else "left"
        yield Excluded(_link(catalogue, seller), reason, len(days), days[-1])
    for seller in sorted(read.refused):
        yield Excluded(_link(catalogue, seller), "not_on_demand")
    for row in _incomplete(catalogue, slug, read):
        yield Excluded(_link(catalogue, row.provider_slug), row.price_basis)


def _incomplete(catalogue: Catalogue, slug: str, read: _Read) -> Iterator[IncompleteReadingRow]:
    """Who states another price than that of a whole machine; by our own observation these are the offers here."""
    counted = {seller for floors in read.floors.values() for seller in floors} | read.refused
    rows = catalogue.incomplete_readings.get(slug, ()) if read.source else _incomplete_offers(catalogue, slug)
    return (row for row in rows if row.source_slug == read.source and row.provider_slug not in counted)


def _incomplete_offers(catalogue: Catalogue, slug: str) -> list[IncompleteReadingRow]:
    bases = {
        offer.provider_slug: offer.price_basis
        for offer in catalogue.offers_by_gpu.get(slug, ())
        if offer.price_basis != "complete"
    }
    return [IncompleteReadingRow(slug, "", provider, basis) for provider, basis in sorted(bases.items())]


def _link(catalogue: Catalogue, seller: str) -> Link:
    """A provider's name and page; of one that is not listed its slug."""
    return provider_link(catalogue, seller) or Link(seller, "")
