"""A GPU variant: what it costs now and where, on what terms, and how its price has changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import GpuRow
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.alternatives import alternatives
from generator.catalogue.views.availability import availability_of_gpu
from generator.catalogue.views.cheapest import cheapest_links
from generator.catalogue.views.costs import scenarios, seller_floors
from generator.catalogue.views.disagreements import disagreements_of_gpu
from generator.catalogue.views.gpu_sets import sets_of_gpu
from generator.catalogue.views.gpus import (
    architecture,
    chip_slugs,
    gpu_line,
    gpu_link,
    gpu_row,
    gpu_slugs,
    last_read_of,
    node_sizes,
    segment_lines,
    stat_lines,
    variants,
)
from generator.catalogue.views.held_back import held_back_of_gpu
from generator.catalogue.views.indices import index_link
from generator.catalogue.views.offers import gpu_sections
from generator.catalogue.views.pairs import comparisons_of_gpu
from generator.catalogue.views.places import region_links_of_gpu
from generator.catalogue.views.price_events import market_events
from generator.catalogue.views.prose import guides_naming
from generator.catalogue.views.provider_gpus import provider_pages_of_gpu
from generator.catalogue.views.published import offers_of_gpu
from generator.catalogue.views.scheduled import scheduled_of_gpu
from generator.catalogue.views.sold_without_price import sold_of_gpu
from generator.catalogue.views.trends import (
    credits_of,
    days_known,
    end_of_day,
    licensors_of,
    market_band,
    market_series,
)
from generator.catalogue.views.workloads import workloads_of_gpu
from generator.formats import money, plural
from generator.model.blocks import (
    Alternative,
    Availability,
    Disagreement,
    Fact,
    Figure,
    GpuLine,
    Link,
    NodeSize,
    Part,
    ScenarioLine,
    SegmentLine,
    SellerFloor,
    StatLine,
    first,
)
from generator.model.jsonld import JsonLd, Node
from generator.model.memory import ModelMemory, model_memory
from generator.model.offer_table import OfferLine, OfferSection
from generator.model.page import Attribution, Crumb, Page
from generator.model.scheduled import ScheduledPrice
from generator.pages import cards
from generator.pages.figures import MONTH, market_figure, spread_figure, trend_figure, year_figure
from generator.pages.registry import TWINNED, Key, PageType, Rule
from generator.prose import clauses, findings, sentences
from generator.prose.markdown import literal

_ENOUGH_DAYS = 30


@dataclass(frozen=True, slots=True)
class GpuDetail:
    """What a GPU's page shows."""

    gpu: GpuLine
    confirmed_at: datetime | None
    description: str
    use_cases: tuple[str, ...]
    sections: tuple[OfferSection, ...]
    stats: tuple[StatLine, ...]
    segments: tuple[SegmentLine, ...]
    market: Figure | None
    spread: Figure | None
    trends: tuple[Figure, ...]
    index: Link | None
    scheduled: Part[ScheduledPrice]
    disagreements: Part[Disagreement]
    availability: Availability | None
    node_sizes: Part[NodeSize]
    floors: tuple[SellerFloor, ...]
    scenarios: Part[ScenarioLine]
    specs: tuple[Fact, ...]
    fits: ModelMemory | None
    alternatives: tuple[Alternative, ...]
    comparisons: tuple[Link, ...]
    provider_pages: tuple[Link, ...]
    chip: Link | None
    guides: tuple[Link, ...]
    lists: tuple[Link, ...]
    workloads: tuple[Link, ...]
    regions: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each variant that is or was offered."""
    return ((slug,) for slug in gpu_slugs(catalogue))


def path(slug: str) -> str:
    """/gpu/h100-sxm/."""
    return urls.gpu(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one variant."""
    gpu, row, body = read(gpu_line, slug), read(gpu_row, slug), _body(read, slug)
    return Page(
        path=path(slug),
        title=clauses.title(f"{gpu.short_name} Cloud Pricing and Providers", f"{gpu.short_name} Cloud Pricing"),
        description=_description(gpu, body),
        heading=f"{gpu.short_name} cloud pricing",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("GPUs", urls.GPU_INDEX), Crumb(gpu.short_name, "")),
        words=_words(read, body),
        graph=tuple(_graph(ld, body, row, read(licensors_of, slug))),
        newest=_newest(read, body),
        card=cards.of_gpu(read, gpu, body.confirmed_at),
        offers=(*read(offers_of_gpu, slug), *(read(offers_of_gpu, row.chip) if row.chip else ())),
        related_gpu_ids=(row.id,),
    )


def _newest(read: SliceReader, body: GpuDetail) -> datetime | None:
    """The newest day of its offers; where there is none, of those of similar GPUs."""
    lines = [line for section in body.sections for line in section.lines]
    if not lines:
        return read(last_read_of, *(one.gpu.slug for one in body.alternatives))
    return max(line.confirmed_at for line in lines)


def specs(row: GpuRow) -> tuple[Fact, ...]:
    """A GPU's specs in words; unknown ones are left out."""
    stated = (
        ("Chip maker", row.manufacturer, ""),
        ("Architecture", architecture(row), ""),
        ("Form factor", row.form_factor, ""),
        ("Memory", row.vram_gb, " GB"),
        ("Memory type", row.memory_type, ""),
        ("Memory bandwidth", row.memory_bandwidth_gbps, " GB/s"),
        ("FP16 dense", row.fp16_tflops, " TFLOPS"),
        ("FP8 dense", row.fp8_tflops, " TFLOPS"),
        ("INT8 dense", row.int8_tops, " TOPS"),
        ("FP32", row.fp32_tflops, " TFLOPS"),
        ("FP64", row.fp64_tflops, " TFLOPS"),
        ("FP16 with sparsity", row.fp16_sparse_tflops, " TFLOPS"),
        ("FP8 with sparsity", row.fp8_sparse_tflops, " TFLOPS"),
        ("Interconnect", row.interconnect, ""),
        ("Board power", row.tdp_watts, " W"),
        ("Released", row.generation_year, ""),
    )
    return tuple(
        Fact(label, figure(value) + unit, source=row.spec_source or "")
        for label, value, unit in stated
        if value is not None
    )


def figure(value: object) -> str:
    """A spec without needless zeros: 989.50 is "989.5"; a year keeps its shape."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _body(read: SliceReader, slug: str) -> GpuDetail:
    gpu, row = read(gpu_line, slug), read(gpu_row, slug)
    sections = read(gpu_sections, slug)
    chip = row.chip if row.chip and row.chip in read(chip_slugs) else None
    return GpuDetail(
        gpu=gpu,
        confirmed_at=next((line.confirmed_at for line in _ranked(sections) if gpu.floor), None),
        description=row.description or "",
        use_cases=tuple(row.use_cases),
        sections=sections,
        stats=read(stat_lines, slug),
        segments=read(segment_lines, slug),
        market=_market(gpu.short_name, sections, read(stat_lines, slug)),
        spread=spread_figure(gpu.short_name, read(stat_lines, slug), read(segment_lines, slug)),
        trends=_trends(read, gpu),
        index=read(index_link, slug),
        scheduled=first(read(scheduled_of_gpu, slug), 12, "price", "the first ones"),
        disagreements=first(read(disagreements_of_gpu, slug), 6, "price", "the first ones"),
        availability=read(availability_of_gpu, slug),
        node_sizes=_sizes(read(node_sizes, slug)),
        floors=read(seller_floors, slug),
        scenarios=first(read(scenarios, slug), 12, "provider", "the cheapest"),
        specs=specs(row),
        fits=model_memory(gpu.vram_gb) if gpu.vram_gb else None,
        alternatives=read(alternatives, slug),
        comparisons=read(comparisons_of_gpu, slug),
        provider_pages=read(provider_pages_of_gpu, slug),
        chip=read(gpu_link, chip) if chip else None,
        guides=read(guides_naming, slug),
        lists=(*read(cheapest_links, slug), *read(sets_of_gpu, slug)),
        workloads=read(workloads_of_gpu, slug),
        regions=read(region_links_of_gpu, slug),
    )


def _trends(read: SliceReader, gpu: GpuLine) -> tuple[Figure, ...]:
    """The last year, and the last 30 days where there is more than these."""
    series, end, credit = read(market_series, gpu.slug), read(end_of_day), read(credits_of, gpu.slug)
    name = f"{gpu.short_name}: on-demand price"
    band = read(market_band, gpu.slug)
    events = read(market_events, gpu.slug)
    year = year_figure(name, series, end, credit, band, events)
    month = trend_figure(name, series, end, MONTH, credit, band, events)
    return tuple(dict.fromkeys(filter(None, (year, month))))


def _market(name: str, sections: Sequence[OfferSection], stats: Sequence[StatLine]) -> Figure | None:
    """The on-demand market on one line, with each seller's lowest price; None where one price or none is ranked."""
    prices = [line.price_per_gpu_hour for line in _lowest_of_each(_ranked(sections)) if line.price_per_gpu_hour]
    return market_figure(name, stats, prices)


def _lowest_of_each(lines: Sequence[OfferLine]) -> Iterable[OfferLine]:
    """The first line of each provider."""
    return {line.provider.path: line for line in reversed(lines)}.values()


def _sizes(found: Sequence[NodeSize]) -> Part[NodeSize]:
    """The node sizes, the smallest first; of many, those that the most providers offer."""
    shown = first(
        sorted(found, key=lambda size: (-size.providers_n, size.count)), 12, "size", "those with the most providers"
    )
    return replace(shown, lines=tuple(sorted(shown.lines, key=lambda size: size.count)))


def _words(read: SliceReader, body: GpuDetail) -> dict[str, str]:
    sizes, alike = read(node_sizes, body.gpu.slug), tuple(one.gpu for one in body.alternatives)
    stands_out = findings.of_gpu(body.gpu, _ranked(body.sections), sizes, body.segments, alike)
    words = {
        "answer": sentences.gpu_answer(body.gpu),
        "more": f"{sentences.gpu_more(body.gpu)} {stands_out}".strip(),
        "market": sentences.market(body.stats),
    }
    row = read(gpu_row, body.gpu.slug)
    if row.chip and any(section.is_aside for section in body.sections):
        lines = [read(gpu_line, slug) for slug in read(variants, row.chip)]
        words["caveats"] = sentences.unstated(read(gpu_link, row.chip), lines)
    if row.notes:
        words["notes"] = literal(row.notes)
    words["held_back"] = sentences.held_back(read(held_back_of_gpu, body.gpu.slug))
    words["sold"] = sentences.sold_by(read(sold_of_gpu, body.gpu.slug))
    if body.availability:
        words["availability"] = sentences.gpu_availability(body.gpu, body.availability)
    return {name: text for name, text in words.items() if text}


def _ranked(sections: Sequence[OfferSection]) -> list[OfferLine]:
    """The ranked on-demand offers, cheapest first: only these have no flag."""
    lines = (line for section in sections if section.anchor == "on-demand" for line in section.lines)
    return [line for line in lines if not line.flags]


def _description(gpu: GpuLine, body: GpuDetail) -> str:
    if gpu.floor is None or gpu.floor_provider is None:
        shown = (
            "specs",
            plural(gpu.offers_n, "offer") if gpu.offers_n else "",
            "price history" if body.trends else "",
        )
        return clauses.description((f"{gpu.short_name} in the cloud: {clauses.listed(filter(None, shown))}.",))
    return clauses.description(
        (
            f"Rent {gpu.short_name} from {money(gpu.floor)}/GPU-hour on demand ({gpu.floor_provider.text});",
            f"median {money(gpu.median)} across {plural(gpu.providers_n, 'provider')}." if gpu.providers_n > 1 else "",
            f"Spot from {money(gpu.spot_floor)}." if gpu.spot_floor else "",
            "With price history." if body.trends else "",
        )
    )


def _graph(ld: JsonLd, body: GpuDetail, row: GpuRow, licensors: tuple[Attribution, ...]) -> Iterator[Node]:
    gpu_path, gpu = path(row.slug), body.gpu
    on_demand = next((line for line in body.stats if line.pricing_type == "on_demand"), None)
    if on_demand and ld.site.product_markup:
        offer = ld.aggregate_offer(gpu_path, on_demand.floor, on_demand.ceiling, on_demand.offers_n)
        shown = [(fact.label, fact.value) for fact in body.specs if fact.label in _PRODUCT_FACTS]
        yield ld.product(gpu_path, gpu.name, gpu.manufacturer, shown, offer, _description(gpu, body))
    for year in body.trends[:1]:
        yield ld.dataset(
            gpu_path,
            year.title,
            f"{year.title}: the lowest and the median day by day, US dollars per GPU-hour before tax, "
            "with gaps where no price was read.",
            licensors,
            year.span,
            (f"{gpu.short_name} price history", f"{gpu.short_name} rental price", "cloud GPU prices"),
        )


_PRODUCT_FACTS = ("Memory", "Memory bandwidth", "Form factor")


def _has_a_market(read: SliceReader, slug: str) -> bool:
    providers_n = read(gpu_line, slug).providers_n
    return providers_n >= 2 or (providers_n == 1 and read(days_known, slug) >= _ENOUGH_DAYS)


PAGE_TYPE = PageType(
    "gpu_detail",
    GpuDetail,
    keys,
    path,
    page,
    (
        Rule(
            "few_providers",
            f"two providers with a ranked price, or one and {_ENOUGH_DAYS} days of history",
            _has_a_market,
        ),
    ),
    formats=(*TWINNED, "json", "badge"),
    about=("gpu",),
    long_tables=("seller_days",),
    needs="a GPU's page needs an offer, now or before",
)
