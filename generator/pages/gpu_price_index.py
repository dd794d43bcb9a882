"""A GPU's price indices: values, changes, who is counted and who is not, and how to cite them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_link, gpu_row
from generator.catalogue.views.indices import ENOUGH_DAYS, index_series, index_slugs, indices
from generator.catalogue.views.price_events import market_events
from generator.catalogue.views.trends import credits_of, end_of_day, licensors_of, whole_series
from generator.formats import day, money, plural
from generator.labels import PRICING
from generator.model.blocks import Figure, Link
from generator.model.indices import Index, IndexLine
from generator.model.jsonld import JsonLd, Node
from generator.model.page import Crumb, Page
from generator.pages import cards, price_index
from generator.pages.figures import YEAR, trend_figure, whole_history_figure
from generator.pages.registry import Key, PageType, Rule
from generator.prose import citations, clauses, sentences
from generator.prose.citations import Citation

_NEAR = 8


@dataclass(frozen=True, slots=True)
class GpuPriceIndex:
    """What the page shows; `main` is the first of the indices that are current, None where none is."""

    gpu: Link
    main: Index | None
    lines: tuple[IndexLine, ...]
    spans: tuple[int, ...]
    trend: Figure | None
    history: Figure | None
    citation: Citation | None
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each GPU or chip of which three providers are known on enough days."""
    return ((slug,) for slug in index_slugs(catalogue))


def path(slug: str) -> str:
    """/price-index/h100-sxm/."""
    return urls.price_index(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one GPU or chip."""
    row, body = read(gpu_row, slug), _body(read, ld, slug)
    return Page(
        path=path(slug),
        title=clauses.title(f"{row.short_name} Rental Price Index and History", f"{row.short_name} Price Index"),
        description=_description(row.short_name, body),
        heading=f"{row.short_name} rental price index",
        body=body,
        crumbs=(
            Crumb("Home", urls.HOME),
            Crumb("Price index", urls.PRICE_INDEX),
            Crumb(row.short_name, ""),
        ),
        words=_words(body, row.kind),
        graph=tuple(_graph(read, ld, body, slug)),
        card=cards.of_index(read, slug, body.main),
        related_gpu_ids=(row.id,),
    )


def _body(read: SliceReader, ld: JsonLd, slug: str) -> GpuPriceIndex:
    gpu, found, credit = read(gpu_link, slug), read(indices, slug), read(credits_of, slug)
    end = read(end_of_day)
    lines, main = tuple(index.line for index in found), _main(found)
    title = f"{gpu.text} rental price index"
    return GpuPriceIndex(
        gpu=gpu,
        main=main,
        lines=price_index.cut(lines),
        spans=price_index.spans(lines),
        trend=trend_figure(title, read(index_series, slug), end, YEAR, credit, events=read(market_events, slug)),
        history=whole_history_figure(f"{gpu.text}: all known on-demand prices", read(whole_series, slug), credit),
        citation=citations.of_indices(ld.site, end.date(), path(slug), title, [main.line]) if main else None,
        others=_others(read, slug),
    )


def _main(found: Sequence[Index]) -> Index | None:
    return next((index for index in found if index.line.is_current), None)


def _others(read: SliceReader, slug: str) -> tuple[Link, ...]:
    """The indices of the GPUs that follow in the list, from its beginning again after its end."""
    slugs = read(index_slugs)
    place = slugs.index(slug) if slug in slugs else 0
    near = (*slugs[place + 1 :], *slugs[:place])[:_NEAR]
    return tuple(Link(read(gpu_link, other).text, urls.price_index(other)) for other in near)


def _description(name: str, body: GpuPriceIndex) -> str:
    if not body.main:
        return clauses.description((f"{name} rental prices over time, as far as they are known.",))
    line = body.main.line
    return clauses.description(
        (
            f"{name} index: {money(line.value)} per GPU-hour {PRICING[line.pricing_type].lower()} on {day(line.on)},",
            f"the median of {plural(line.providers_n, 'provider')}.",
            "Changes, chart, constituents and exclusions.",
            "Cite it with its date.",
        )
    )


def _words(body: GpuPriceIndex, kind: str) -> dict[str, str]:
    words = {"answer": sentences.index_answer(body.gpu.text, body.main)}
    if kind == "chip":
        words["caveats"] = sentences.index_of_chip(body.gpu)
    return words


def _graph(read: SliceReader, ld: JsonLd, body: GpuPriceIndex, slug: str) -> Iterator[Node]:
    if not body.main:
        return
    line, name = body.main.line, body.gpu.text
    yield ld.dataset(
        path(slug),
        f"{name} rental price index",
        f"The median, over a fixed panel of {plural(line.providers_n, 'provider')}, of each one's lowest price of the "
        f"{name} ({PRICING[line.pricing_type].lower()}), day by day, in US dollars per GPU-hour before tax, with gaps "
        "where not all of them were read.",
        price_index.licensors([line], read(licensors_of, slug)),
        price_index.span([line]),
        (f"{name} price index", f"{name} price history", "cloud GPU rental prices"),
        line.pricing_type,
    )


PAGE_TYPE = PageType(
    "gpu_price_index",
    GpuPriceIndex,
    keys,
    path,
    page,
    (
        Rule(
            "no_index",
            f"an index of three providers or more with {ENOUGH_DAYS} days, on 80% of its span, one in the last week",
            lambda read, slug: _main(read(indices, slug)) is not None,
        ),
    ),
    about=("gpu",),
    long_tables=("seller_days", "incomplete_readings"),
    needs=f"a price index needs three providers' prices on {ENOUGH_DAYS} days",
)
