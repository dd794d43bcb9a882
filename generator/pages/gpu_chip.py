"""A chip that is sold in several variants: what they are, and the offers that don't say which one they are."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import chip_slugs, gpu_line, gpu_link, gpu_row, last_read_of, variants
from generator.catalogue.views.indices import index_link
from generator.catalogue.views.offers import unstated_sections
from generator.catalogue.views.pairs import comparisons_of_gpu
from generator.catalogue.views.scheduled import scheduled_of_gpu
from generator.catalogue.views.trends import credits_of, end_of_day, market_series
from generator.formats import money
from generator.model.blocks import Figure, GpuLine, Link, Part, first
from generator.model.jsonld import JsonLd
from generator.model.offer_table import OfferSection
from generator.model.page import Crumb, Page
from generator.model.scheduled import ScheduledPrice
from generator.pages import cards
from generator.pages.figures import year_figure
from generator.pages.registry import Key, PageType, Rule
from generator.prose import clauses, sentences


@dataclass(frozen=True, slots=True)
class GpuChip:
    """What a chip's page shows."""

    name: str
    variants: tuple[GpuLine, ...]
    sections: tuple[OfferSection, ...]
    trend_1y: Figure | None
    index: Link | None
    scheduled: Part[ScheduledPrice]
    comparisons: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each chip with two variants or more."""
    return ((slug,) for slug in chip_slugs(catalogue))


def path(slug: str) -> str:
    """/gpu/h100/."""
    return urls.gpu(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one chip."""
    row, lines = read(gpu_row, slug), tuple(read(gpu_line, variant) for variant in read(variants, slug))
    unstated = read(unstated_sections, slug)
    series, credit = read(market_series, slug), read(credits_of, slug)
    name = f"{row.short_name}, form factor not stated: on-demand price"
    body = GpuChip(
        name=row.short_name,
        variants=lines,
        sections=unstated,
        trend_1y=year_figure(name, series, read(end_of_day), credit),
        index=read(index_link, slug),
        scheduled=first(read(scheduled_of_gpu, slug), 12, "price", "the first ones"),
        comparisons=tuple(link for line in lines for link in read(comparisons_of_gpu, line.slug)[:3]),
    )
    return Page(
        path=path(slug),
        title=_title(body),
        description=_description(body),
        heading=f"{row.short_name} cloud pricing by variant",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("GPUs", urls.GPU_INDEX), Crumb(row.short_name, "")),
        words={"answer": sentences.chip_answer(read(gpu_link, slug), lines, has_unstated=bool(unstated))},
        graph=(
            ld.item_list(path(slug), f"Variants of the {row.short_name}", [(line.name, line.path) for line in lines]),
        ),
        newest=read(last_read_of, slug, *(line.slug for line in lines)),
        card=cards.of_variants(lines),
        related_gpu_ids=tuple(read(gpu_row, line.slug).id for line in lines),
    )


def _title(body: GpuChip) -> str:
    most_sold = sorted(body.variants, key=lambda line: -line.providers_n)
    kinds = clauses.listed(_variant(body, line) for line in most_sold)
    return clauses.title(f"{body.name} Cloud Pricing: {kinds}", f"{body.name} Cloud Pricing by Variant")


def _description(body: GpuChip) -> str:
    priced = sorted((line.floor, _variant(body, line)) for line in body.variants if line.floor)
    costs = ", ".join(f"{variant} from {money(floor)}" for floor, variant in priced)
    return clauses.description(
        (
            f"Rent {body.name} on demand: {costs} per GPU-hour."
            if priced
            else f"The variants of the {body.name}: {clauses.listed(line.short_name for line in body.variants)}.",
            "Providers, medians and price history of each variant.",
        )
    )


def _variant(body: GpuChip, line: GpuLine) -> str:
    """What a variant's name adds to the chip's: "SXM" of "H100 SXM"."""
    return line.short_name.removeprefix(f"{body.name} ")


def _has_variants(read: SliceReader, slug: str) -> bool:
    return sum(read(gpu_line, variant).providers_n >= 2 for variant in read(variants, slug)) >= 2


PAGE_TYPE = PageType(
    "gpu_chip",
    GpuChip,
    keys,
    path,
    page,
    (Rule("few_variants", "two variants, each with two providers", _has_variants),),
    about=("gpu",),
    needs="a chip's page needs two variants with a page",
)
