"""A GPU at one provider: every configuration and region, how the price is made up, and whether others ask less."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_line, gpu_row
from generator.catalogue.views.histories import history_series, offer_histories, priced_lines, stock_stretches
from generator.catalogue.views.indices import MarketMedian, market_median
from generator.catalogue.views.offers import configuration_sections
from generator.catalogue.views.provider_gpus import (
    FEWEST_DAYS,
    FEWEST_LINKS,
    FEWEST_PLACES,
    available_share,
    cheaper_elsewhere,
    floor_of,
    gpu_pages_of_provider,
    has_enough,
    has_links,
    provider_gpu_pages,
    provider_pages_of_gpu,
    standing_of,
    whole_cost,
)
from generator.catalogue.views.providers import provider_line, provider_row
from generator.catalogue.views.scheduled import scheduled_of_pair
from generator.catalogue.views.terms import terms_of_price
from generator.charts.series import Series, within
from generator.formats import day, money, part_of, plural
from generator.labels import PRICING
from generator.model.blocks import Figure, GpuLine, Link, Part, ProviderLine, ScenarioLine, TermLine, first
from generator.model.compared import CheaperOffer
from generator.model.histories import PricedLine
from generator.model.jsonld import JsonLd, Node
from generator.model.offer_table import OfferLine, OfferSection
from generator.model.page import Crumb, Page
from generator.model.page_size import most_that_fit
from generator.model.scheduled import ScheduledPrice
from generator.pages import cards
from generator.pages.figures import YEAR, stock_figure, trend_figure
from generator.pages.registry import Key, PageType, Rule
from generator.prose import clauses, sentences
from generator.prose.instance_names import parts_of_name

_MOST_PRICES = 24
_PRICES_BYTES = 24_000
_MOST_LINES = 4
_HISTORY = Link("Each offer’s prices step by step, as JSON", "")


@dataclass(frozen=True, slots=True)
class ProviderGpu:
    """What the page shows; `best` is the cheapest ranked on-demand configuration."""

    provider: ProviderLine
    gpu: GpuLine
    best: OfferLine | None
    spot: Decimal | None
    sections: tuple[OfferSection, ...]
    regions: tuple[str, ...]
    scheduled: Part[ScheduledPrice]
    cheaper: tuple[CheaperOffer, ...]
    cost: ScenarioLine | None
    available_share: Decimal | None
    stock: Figure | None
    gpus: tuple[Link, ...]
    providers: tuple[Link, ...]
    terms: tuple[TermLine, ...]
    prices: Part[PricedLine]
    chart: Figure | None
    history: Link | None


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each GPU that a provider rents out in several configurations or regions, or at a price that moved."""
    return iter(provider_gpu_pages(catalogue))


def path(provider: str, gpu: str) -> str:
    """/provider/runpod/h100-sxm/."""
    return urls.provider_gpu(provider, gpu)


def page(read: SliceReader, ld: JsonLd, provider: str, gpu: str) -> Page:
    """The page of a GPU at a provider."""
    body, own = _body(read, provider, gpu), path(provider, gpu)
    lines = [line for section in body.sections for line in section.lines]
    description = _description(body, len({(line.instance_type, line.regions) for line in lines}))
    name = _name(read, provider, gpu)
    return Page(
        path=own,
        title=clauses.title(f"{name} Price per Hour", f"{name} Price", name),
        description=description,
        heading=f"{name} price per hour",
        body=body,
        crumbs=(
            Crumb("Home", urls.HOME),
            Crumb("Providers", urls.PROVIDER_INDEX),
            Crumb(body.provider.name, urls.provider(provider)),
            Crumb(body.gpu.short_name, ""),
        ),
        words=_words(read, body),
        graph=tuple(_graph(ld, body, own, description)),
        newest=max((line.confirmed_at for line in lines), default=None),
        card=cards.of_offer(read, body.gpu, body.best),
        related_gpu_ids=(read(gpu_row, gpu).id,),
        related_provider_ids=(read(provider_row, provider).id,),
    )


def _body(read: SliceReader, provider: str, gpu: str) -> ProviderGpu:
    own, sections = path(provider, gpu), read(configuration_sections, provider, gpu)
    spot, histories = read(floor_of, provider, gpu, "spot"), read(offer_histories, provider, gpu)
    on_demand = (line for section in sections if section.anchor == "on-demand" for line in section.lines)
    return ProviderGpu(
        provider=read(provider_line, provider),
        gpu=read(gpu_line, gpu),
        best=next((line for line in on_demand if not line.flags), None),
        spot=spot.floor if spot else None,
        sections=sections,
        regions=tuple(sorted({name for section in sections for line in section.lines for name in line.regions})),
        scheduled=first(read(scheduled_of_pair, provider, gpu), 12, "price", "the first ones"),
        cheaper=read(cheaper_elsewhere, provider, gpu),
        cost=read(whole_cost, provider, gpu),
        available_share=read(available_share, provider, gpu),
        stock=stock_figure(_name(read, provider, gpu), read(stock_stretches, provider, gpu)),
        gpus=tuple(link for link in read(gpu_pages_of_provider, provider) if link.path != own),
        providers=tuple(link for link in read(provider_pages_of_gpu, gpu) if link.path != own),
        terms=read(terms_of_price, provider),
        prices=_prices(read(priced_lines, provider, gpu)),
        chart=_chart(read, provider, gpu),
        history=_HISTORY._replace(path=urls.price_history(provider, gpu)) if histories else None,
    )


def _name(read: SliceReader, provider: str, gpu: str) -> str:
    return f"{read(provider_line, provider).name} {read(gpu_line, gpu).short_name}"


def _prices(lines: tuple[PricedLine, ...]) -> Part[PricedLine]:
    """As many as the page has room for."""
    texts = ((line.instance_type, line.region, line.evidence_url or "") for line in lines)
    return first(lines, min(_MOST_PRICES, most_that_fit(texts, _PRICES_BYTES)), "price", "the newest")


def _chart(read: SliceReader, provider: str, gpu: str) -> Figure | None:
    """Each offer's on-demand price over time, or its spot price where none is sold on demand; of many, the cheapest."""
    if not read(priced_lines, provider, gpu):
        return None
    kind = "on_demand" if read(history_series, provider, gpu, "on_demand") else "spot"
    lines = read(history_series, provider, gpu, kind)
    if not lines:
        return None
    names = f"{_name(read, provider, gpu)}, {PRICING[kind].lower()}"
    drawn = lines[:_MOST_LINES]
    which = f", {part_of(len(drawn), len(lines), 'offer', 'the cheapest')}" if len(drawn) < len(lines) else ""
    return _beside_market(names + which, drawn, read(market_median, gpu, kind), kind)


def _beside_market(name: str, drawn: Sequence[Series], market: MarketMedian | None, kind: str) -> Figure | None:
    """The lines and the market's median in the time for which they are known; without it where it is not known then."""
    start = min(segment.start for line in drawn for segment in line.segments)
    end = max(segment.end for line in drawn for segment in line.segments)
    median = within(market.series.segments, max(start, end - YEAR), end) if market else []
    if not market or not median:
        found = trend_figure(name, drawn, end, YEAR, ())
        return found._replace(table=()) if found else None
    lines = (*drawn, replace(market.series, segments=tuple(median)))
    found = trend_figure(f"{name}, and the market’s median", lines, end, YEAR, (market.credit,))
    said = sentences.compared_with_median(market.providers_n, kind, market.source)
    return found and found._replace(table=(), finding=f"{found.finding} {said}", summary=f"{found.summary}\n{said}")


def _words(read: SliceReader, body: ProviderGpu) -> dict[str, str]:
    provider, gpu = body.provider.slug, body.gpu.slug
    stands, chip = read(standing_of, provider, gpu), read(gpu_row, gpu).chip
    words = {
        "answer": sentences.provider_gpu(body.provider, body.gpu, body.best, body.spot),
        "standing": sentences.standing(body.gpu, stands) if stands else "",
        "name": parts_of_name(body.best.instance_type, body.best.count, body.gpu, chip) if body.best else "",
        "arithmetic": sentences.per_gpu_hour(body.best) if body.best else "",
    }
    return {name: text for name, text in words.items() if text}


def _description(body: ProviderGpu, configurations_n: int) -> str:
    start = f"{body.gpu.short_name} at {body.provider.name}"
    best, seen = body.best, body.provider.confirmed_at
    return clauses.description(
        (
            f"{start} from {money(best.price_per_gpu_hour)}/GPU-hour on demand." if best else f"{start}.",
            f"Spot from {money(body.spot)}." if body.spot else "",
            f"{plural(configurations_n, 'configuration')}"
            f"{f' in {len(body.regions)} regions' if len(body.regions) > 1 else ''}.",
            f"{plural(len(body.cheaper), 'cheaper seller')} named." if body.cheaper else "",
            f"{'Recorded' if body.provider.is_recorded else 'Confirmed'} {day(seen)}." if seen else "",
        )
    )


def _graph(ld: JsonLd, body: ProviderGpu, own: str, description: str) -> Iterator[Node]:
    if body.best and body.best.price_per_gpu_hour and ld.site.product_markup:
        offer = ld.offer(own, body.best.price_per_gpu_hour, body.provider.name, body.provider.path)
        shown = [("Memory", f"{body.gpu.vram_gb} GB")] if body.gpu.vram_gb else []
        name = f"{body.gpu.name} at {body.provider.name}"
        yield ld.product(own, name, body.gpu.manufacturer, shown, offer, description)


def _is_linked(read: SliceReader, provider: str, gpu: str) -> bool:
    return read(has_links, provider, gpu)


def _has_enough(read: SliceReader, provider: str, gpu: str) -> bool:
    return read(has_enough, provider, gpu)


_ENOUGH = (
    f"fresh prices for {FEWEST_PLACES} configurations or regions, or one that changed and was first read "
    f"{FEWEST_DAYS} days ago or earlier"
)
PAGE_TYPE = PageType(
    "provider_gpu",
    ProviderGpu,
    keys,
    path,
    page,
    (
        Rule("few_places", _ENOUGH, _has_enough),
        Rule("few_links", f"{FEWEST_LINKS} such pages of its provider or its GPU that lead to it", _is_linked),
    ),
    about=("provider",),
    pair_tables=("histories",),
    last_tables=("seller_days", "reference_trends"),
    needs=f"a GPU's page at a provider needs {_ENOUGH}",
)
