"""The cheapest providers of a GPU, on demand or spot: listed, in stock, and with storage and traffic."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.cheapest import (
    FEWEST_PROVIDERS,
    PRICING_TYPES,
    cheapest_links,
    cheapest_slugs,
    nearby_lists,
    ranking,
    ranking_sections,
    step_up,
)
from generator.catalogue.views.costs import scenarios
from generator.catalogue.views.gpus import gpu_line, gpu_link, gpu_row
from generator.catalogue.views.trends import credits_of, end_of_day, floor_series
from generator.formats import money, plural
from generator.labels import PRICING
from generator.model.blocks import Figure, GpuLine, Link, Part, ScenarioLine, first
from generator.model.jsonld import JsonLd
from generator.model.offer_table import OfferSection
from generator.model.page import Crumb, Page
from generator.pages import cards
from generator.pages.figures import year_figure
from generator.pages.registry import Key, PageType
from generator.prose import clauses, list_sentences


@dataclass(frozen=True, slots=True)
class CheapestGpu:
    """What the page shows; `lists` are links to the lists of other GPUs that cost about as much."""

    gpu: GpuLine
    pricing_type: str
    sections: tuple[OfferSection, ...]
    scenarios: Part[ScenarioLine]
    trend: Figure | None
    step_up: tuple[GpuLine, ...]
    lists: tuple[Link, ...]
    related: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each GPU and pricing type with providers enough."""
    return ((slug, kind) for kind in PRICING_TYPES for slug in cheapest_slugs(catalogue, kind))


def path(slug: str, pricing_type: str) -> str:
    """/cheapest/h100-sxm/, or /cheapest/h100-sxm/spot/."""
    return urls.cheapest(slug, pricing_type)


def page(read: SliceReader, ld: JsonLd, slug: str, pricing_type: str) -> Page:
    """The list of one GPU and pricing type."""
    body, name = _body(read, slug, pricing_type), read(gpu_link, slug).text
    lines = read(ranking, slug, pricing_type).listed
    own, kind = path(slug, pricing_type), "Spot " if pricing_type == "spot" else ""
    return Page(
        path=own,
        title=clauses.title(f"Cheapest {name} {kind}Cloud Providers", f"Cheapest {name} {kind}Providers"),
        description=_description(read, body, name),
        heading=f"Cheapest {name} cloud providers{', spot' if kind else ''}",
        body=body,
        crumbs=(
            Crumb("Home", urls.HOME),
            Crumb("GPUs", urls.GPU_INDEX),
            Crumb(name, urls.gpu(slug)),
            Crumb("Cheapest, spot" if kind else "Cheapest", ""),
        ),
        words={"answer": _answer(read, body)},
        graph=(
            ld.item_list(
                own,
                f"{name}: providers by {PRICING[pricing_type].lower()} price",
                [(line.provider.text, line.provider.path) for section in body.sections[:1] for line in section.lines],
                len(lines),
            ),
        ),
        newest=max((line.confirmed_at for line in lines), default=None),
        card=cards.of_ranking(read, slug, pricing_type, lines[0]),
        related_gpu_ids=(read(gpu_row, slug).id,),
    )


def _body(read: SliceReader, slug: str, pricing_type: str) -> CheapestGpu:
    gpu, is_spot = read(gpu_line, slug), pricing_type == "spot"
    return CheapestGpu(
        gpu=gpu,
        pricing_type=pricing_type,
        sections=read(ranking_sections, slug, pricing_type),
        scenarios=first(() if is_spot else read(scenarios, slug), 20, "provider", "the cheapest"),
        trend=None if is_spot else _trend(read, gpu),
        step_up=() if is_spot else read(step_up, slug),
        lists=read(nearby_lists, slug, pricing_type),
        related=_related(read, slug, pricing_type),
    )


def _trend(read: SliceReader, gpu: GpuLine) -> Figure | None:
    name = f"{gpu.short_name}: lowest on-demand price"
    return year_figure(name, read(floor_series, gpu.slug), read(end_of_day), read(credits_of, gpu.slug))


def _related(read: SliceReader, slug: str, pricing_type: str) -> tuple[Link, ...]:
    """The GPU's page, and its list of the other pricing type."""
    own = path(slug, pricing_type)
    gpu = read(gpu_link, slug)
    return (
        Link(f"{gpu.text}: all offers, price history and specifications", gpu.path),
        *(link for link in read(cheapest_links, slug) if link.path != own),
    )


def _answer(read: SliceReader, body: CheapestGpu) -> str:
    gpu = read(gpu_link, body.gpu.slug)
    return list_sentences.cheapest(gpu, body.pricing_type, body.sections, body.scenarios.lines)


def _description(read: SliceReader, body: CheapestGpu, name: str) -> str:
    lines = read(ranking, body.gpu.slug, body.pricing_type)
    best = lines.listed[0]
    stocked = lines.in_stock[0] if lines.in_stock else None
    least = best.price_as(body.pricing_type)
    return clauses.description(
        (
            f"{name} {PRICING[body.pricing_type].lower()} from {money(least)}/GPU-hour ({best.provider.text}):",
            f"{plural(len(lines.listed), 'provider')} by price.",
            f"In stock from {money(stocked.price_as(body.pricing_type))}." if stocked else "",
            "Also by whole cost with storage and traffic." if body.scenarios else "",
            "What each gives up.",
        )
    )


PAGE_TYPE = PageType(
    "cheapest_gpu",
    CheapestGpu,
    keys,
    path,
    page,
    about=("gpu",),
    needs=f"a list of the cheapest needs {FEWEST_PROVIDERS} providers with a ranked price",
)
