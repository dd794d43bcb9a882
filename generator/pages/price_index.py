"""The price indices of all GPUs: what a GPU-hour costs at the median, and how that changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.indices import index_lines, index_slugs, leading_series
from generator.catalogue.views.market import attributions
from generator.catalogue.views.price_events import event_months
from generator.catalogue.views.trends import credited, end_of_day
from generator.formats import part_of, plural
from generator.labels import PRICING
from generator.model.blocks import Figure, Link
from generator.model.indices import CHANGES, IndexLine
from generator.model.jsonld import JsonLd, Node
from generator.model.page import Attribution, Crumb, Page
from generator.pages.figures import YEAR, trend_figure
from generator.pages.registry import PageType, Rule, single
from generator.prose import citations, clauses, sentences
from generator.prose.citations import Citation


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """What the page shows; `spans` are the days over which any of the indices has a change, `lines` have these."""

    lines: tuple[IndexLine, ...]
    spans: tuple[int, ...]
    counted: str
    trend: Figure | None
    citation: Citation | None
    months: tuple[Link, ...]


def path() -> str:
    """/price-index/."""
    return urls.PRICE_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    lines, slugs = read(index_lines), read(index_slugs)
    shown = tuple(dict.fromkeys(line.gpu.text for line in lines))
    body = PriceIndex(
        lines=cut(lines),
        spans=spans(lines),
        counted=part_of(len(shown), len(slugs), "GPU", "those with a current index"),
        trend=_trend(read),
        citation=_citation(read, ld, lines) if lines else None,
        months=tuple(one.link for one in read(event_months)),
    )
    return Page(
        path=path(),
        title="Cloud GPU Rental Price Index",
        description=_description(lines, shown),
        heading="Cloud GPU rental price index",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Price index", "")),
        words={"answer": sentences.indices(lines)},
        graph=tuple(_graph(read, ld, lines)),
    )


def _trend(read: SliceReader) -> Figure | None:
    title, credit = "Indices of the GPUs with the most providers", [credited(one) for one in read(attributions)]
    return trend_figure(title, read(leading_series), read(end_of_day), YEAR, credit)


def _citation(read: SliceReader, ld: JsonLd, lines: tuple[IndexLine, ...]) -> Citation:
    released = read(end_of_day).date()
    return citations.of_indices(ld.site, released, path(), "Cloud GPU rental price indices", lines)


def spans(lines: tuple[IndexLine, ...]) -> tuple[int, ...]:
    """The changes, by days, that any of the indices has."""
    return tuple(days for number, days in enumerate(CHANGES) if any(line.changes[number] is not None for line in lines))


def cut(lines: tuple[IndexLine, ...]) -> tuple[IndexLine, ...]:
    """The indices with their changes over `spans` only."""
    shown = [CHANGES.index(days) for days in spans(lines)]
    return tuple(line._replace(changes=tuple(line.changes[number] for number in shown)) for line in lines)


def span(lines: Sequence[IndexLine]) -> tuple[date, date]:
    """The first and the last day of these indices."""
    return min(line.since for line in lines), max(line.on for line in lines)


def licensors(lines: Sequence[IndexLine], known: tuple[Attribution, ...]) -> tuple[Attribution, ...]:
    """The licensed sources that these indices are made of."""
    used = {line.source for line in lines}
    return tuple(one for one in known if one.name in used)


def _description(lines: tuple[IndexLine, ...], shown: tuple[str, ...]) -> str:
    return clauses.description(
        (
            f"Median rental prices of {plural(len(shown), 'GPU')}, the same providers on every day.",
            f"Changes over {clauses.listed(map(str, spans(lines)))} days." if spans(lines) else "",
            f"{clauses.listed(shown[:3])} among them." if len(shown) > 3 else "",
        )
    )


def _graph(read: SliceReader, ld: JsonLd, lines: tuple[IndexLine, ...]) -> tuple[Node, ...]:
    if not lines:
        return ()
    names = [(f"{line.gpu.text}, {PRICING[line.pricing_type].lower()}", line.gpu.path) for line in lines]
    return (
        ld.item_list(path(), "Price indices", names),
        ld.dataset(
            path(),
            "Cloud GPU rental price indices",
            "For each GPU the median, over a fixed panel of providers, of each one's lowest price of the day, in US "
            "dollars per GPU-hour before tax, with its changes.",
            licensors(lines, read(attributions)),
            span(lines),
            ("GPU rental prices", "cloud GPU price index", *dict.fromkeys(line.gpu.text for line in lines[:10])),
        ),
    )


PAGE_TYPE = PageType(
    "price_index",
    PriceIndex,
    single,
    path,
    page,
    (Rule("no_index", "a price index", lambda read: bool(read(index_lines))),),
)
