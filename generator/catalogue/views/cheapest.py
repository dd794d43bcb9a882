"""Who rents out a GPU for the least: by list price, of what is in stock, and with storage and traffic."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import ListedGpuRow, OfferRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.gpus import LINE_TABLES, chip_slugs, gpu_line, gpu_link, gpu_slugs
from generator.catalogue.views.offers import OFFERS_BYTES, cheapest_lines
from generator.catalogue.views.terms import minimum_of, term_rows
from generator.labels import PRICING
from generator.model.blocks import GpuLine, Link
from generator.model.offer_table import OfferLine, OfferSection
from generator.model.page_size import fitting

FEWEST_PROVIDERS = 4
PRICING_TYPES = ("on_demand", "spot")
_SELLERS = {"marketplace": "marketplace host", "depin": "host in a decentralised network"}
_HOUR = 3600
_DEARER = 4
_NEARBY = 3  # lists on either side, so that each has three links from others


class Ranking(NamedTuple):
    """A GPU's providers by price: as listed, and those that stated that they had it when last asked."""

    listed: tuple[OfferLine, ...]
    in_stock: tuple[OfferLine, ...]


@aggregate
def cheapest_slugs(catalogue: Catalogue, pricing_type: str) -> tuple[str, ...]:
    """The GPUs with providers enough to list the cheapest."""
    return tuple(row.slug for row in _priced(catalogue, pricing_type))


@view
def lists_not_made(catalogue: Catalogue) -> dict[str, str]:
    """The addresses of the lists that too few providers are left for -> the GPU's page, which has its offers."""
    gpus = (*gpu_slugs(catalogue), *chip_slugs(catalogue))
    return {
        urls.cheapest(slug, kind): urls.gpu(slug)
        for kind in PRICING_TYPES
        for slug in sorted({*gpus} - {*cheapest_slugs(catalogue, kind)})
    }


@aggregate
def cheapest_links(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """Links to the lists of a GPU's cheapest providers: on demand, and spot."""
    return tuple(
        Link(f"Cheapest {gpu_link(catalogue, slug).text} providers, {PRICING[pricing_type].lower()}", path)
        for pricing_type in PRICING_TYPES
        if slug in cheapest_slugs(catalogue, pricing_type) and (path := urls.cheapest(slug, pricing_type))
    )


@view
def nearby_lists(catalogue: Catalogue, slug: str, pricing_type: str) -> tuple[Link, ...]:
    """Links to the lists of the GPUs closest in price, on either side.  Raises KeyError for one without a price."""
    near = _nearby_slugs(catalogue, slug, pricing_type)
    return tuple(Link(gpu_link(catalogue, other).text, urls.cheapest(other, pricing_type)) for other in near)


@aggregate
def _nearby_slugs(catalogue: Catalogue, slug: str, pricing_type: str) -> tuple[str, ...]:
    """The slugs of the GPUs of `nearby_lists`."""
    slugs, places = _in_order(catalogue, pricing_type)
    place = places[slug]
    return (*slugs[max(place - _NEARBY, 0) : place], *slugs[place + 1 : place + 1 + _NEARBY])


@view
def _in_order(catalogue: Catalogue, pricing_type: str) -> tuple[list[str], dict[str, int]]:
    """The GPUs with a list, by price, and the place of each."""
    slugs = [row.slug for row in sorted(_priced(catalogue, pricing_type), key=_price_order)]
    return slugs, {slug: place for place, slug in enumerate(slugs)}


@view
def ranking(catalogue: Catalogue, slug: str, pricing_type: str) -> Ranking:
    """Each provider's lowest ranked price of a GPU, with what it gives up."""
    offers = catalogue.offers_by_gpu.get(slug, [])

    def notes(offer: OfferRow) -> tuple[str, ...]:
        return _given_up(catalogue, offer, offers, pricing_type)

    stocked = [offer for offer in offers if offer.availability_stated]
    return Ranking(
        cheapest_lines(catalogue, offers, pricing_type, notes),
        cheapest_lines(catalogue, stocked, pricing_type, notes),
    )


@view
def ranking_sections(catalogue: Catalogue, slug: str, pricing_type: str) -> tuple[OfferSection, ...]:
    """A GPU's ranking as tables."""
    found = ranking(catalogue, slug, pricing_type)
    listed = "Each provider’s lowest price of a complete machine that is fresh and not known to be sold out."
    stocked = "The same, of the offers that the provider’s answer listed as available when it was last read."
    tables = (
        ("listed", "Lowest listed price", listed, found.listed),
        ("in-stock", "Lowest price in stock at the last check", stocked, found.in_stock),
    )
    sections = [
        OfferSection(anchor, title, note, pricing_type, lines, "provider", len(lines), len(lines))
        for anchor, title, note, lines in tables
        if lines
    ]
    return fitting(sections, OFFERS_BYTES)


@view
def step_up(catalogue: Catalogue, slug: str) -> tuple[GpuLine, ...]:
    """GPUs that cost more on demand and have more memory or are faster, the closest in price first."""
    slugs = _dearer_slugs(catalogue, slug)
    catalogue.read_ahead(slugs, *LINE_TABLES)
    return tuple(gpu_line(catalogue, other) for other in slugs)


@aggregate
def _dearer_slugs(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The slugs of `step_up`."""
    own = catalogue.listed_gpus[slug]
    if not own.floor:
        return ()
    by_floor = _by_floor(catalogue)
    dearer = islice(by_floor, bisect_right(by_floor, own.floor, key=attrgetter("floor")), None)
    return tuple(row.slug for row in islice((row for row in dearer if _is_better(row, own)), _DEARER))


@view
def _by_floor(catalogue: Catalogue) -> list[ListedGpuRow]:
    """The GPUs with an on-demand price, the cheapest first."""
    known = (catalogue.listed_gpus[slug] for slug in gpu_slugs(catalogue))
    return sorted((row for row in known if row.floor), key=_price_order)


def _is_better(one: ListedGpuRow, other: ListedGpuRow) -> bool:
    """More memory without less speed, or more speed without less memory; what is unknown is neither."""
    pairs = [(one.vram_gb, other.vram_gb), (one.fp16_tflops, other.fp16_tflops)]
    known = [(more, less) for more, less in pairs if more is not None and less is not None]
    return any(more > less for more, less in known) and all(more >= less for more, less in known)


def _priced(catalogue: Catalogue, pricing_type: str) -> list[ListedGpuRow]:
    rows = (catalogue.listed_gpus[slug] for slug in gpu_slugs(catalogue))
    sellers = attrgetter("providers_n" if pricing_type == "on_demand" else "spot_providers_n")
    return [row for row in rows if sellers(row) >= FEWEST_PROVIDERS]


def _price_order(row: ListedGpuRow) -> tuple[bool, object, str]:
    return row.floor is None, row.floor, row.slug


def _given_up(catalogue: Catalogue, offer: OfferRow, offers: Sequence[OfferRow], pricing_type: str) -> tuple[str, ...]:
    """What a cheap price gives up, in words."""
    found = (
        _SELLERS.get(catalogue.providers[offer.provider_slug].provider_type, ""),
        "community cloud" if "community" in offer.instance_type.lower() else "",
        _size(offer, offers, pricing_type),
        _minimum(catalogue, offer.provider_slug),
    )
    return tuple(filter(None, found))


def _minimum(catalogue: Catalogue, provider: str) -> str:
    """The shortest rental, where it is an hour or more."""
    term = term_rows(catalogue, provider).get("minimum_rental")
    return f"minimum rental {minimum_of(catalogue, provider)}" if term and (term.value or 0) >= _HOUR else ""


def _size(offer: OfferRow, offers: Sequence[OfferRow], pricing_type: str) -> str:
    """Whether the price is only that of a larger machine."""
    if not offer.size_stated or offer.gpu_count == 1:
        return ""
    own = [one for one in offers if one.provider_slug == offer.provider_slug and one.ranks_as(pricing_type)]
    smallest = min(one.gpu_count for one in own if one.size_stated)
    return f"{smallest}× or more only" if smallest > 1 else f"price of {offer.gpu_count}×"
