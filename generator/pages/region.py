"""A country or continent: what can be rented there, at which sites, and for how much beside the rest of the world."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.places import (
    CONTINENTS,
    ENOUGH_WORLDWIDE,
    continent_of,
    countries_of,
    largest_share,
    located,
    place_lines,
    placed_in,
    region_link,
    region_of,
    region_sections,
    region_slugs,
    silent_providers,
    site_lines,
)
from generator.catalogue.views.providers import provider_row
from generator.formats import money, plural, rounded
from generator.model.blocks import Link, Part, first
from generator.model.jsonld import JsonLd
from generator.model.lists import PlaceLine, SiteLine
from generator.model.offer_table import OfferSection
from generator.model.page import Crumb, Page
from generator.pages import cards
from generator.pages.registry import Key, PageType, Rule
from generator.prose import clauses, findings, list_sentences, sentences

_ENOUGH_PROVIDERS, _ENOUGH_OFFERS = 3, 5
_MOST_LINES = 60
_MOST_SHARE = Decimal("0.6")


@dataclass(frozen=True, slots=True)
class RegionDetail:
    """What a region's page shows; `regions` are its countries, or the others of its continent."""

    inside: str
    enough_worldwide: int
    places: Part[PlaceLine]
    sites: Part[SiteLine]
    sections: tuple[OfferSection, ...]
    has_homes: bool
    has_world: bool
    regions: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each country and continent with an offer that states so."""
    return ((slug,) for slug in region_slugs(catalogue))


def path(slug: str) -> str:
    """/region/germany/."""
    return urls.region(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one country or continent."""
    region, rows, found = region_of(slug), read(placed_in, slug), read(located, slug)
    body, gpus_n = _body(read, slug), len({row.gpu_slug for row in rows})
    silent, sellers_n = read(silent_providers)
    said = list_sentences.region(region.inside, found, gpus_n, body.places.lines)
    return Page(
        path=path(slug),
        title=clauses.title(
            f"GPU Cloud in {region.inside}: Providers and Prices", f"GPU Cloud in {region.name}: Prices", region.name
        ),
        description=_description(region.inside, body.places.lines, found.providers_n, gpus_n),
        heading=f"GPU cloud in {region.inside}",
        body=body,
        crumbs=(
            Crumb("Home", urls.HOME),
            Crumb("Regions", urls.REGION_INDEX),
            *([] if region.name in CONTINENTS else [_continent(read, slug)]),
            Crumb(region.name, ""),
        ),
        words={
            "answer": sentences.opened(findings.of_region(body.places.lines), said),
            "gaps": list_sentences.places_unknown(silent, sellers_n, body.sites.lines),
        },
        graph=(
            ld.item_list(
                path(slug),
                f"GPU clouds with machines in {region.inside}",
                [(line.provider.text, line.provider.path) for line in body.sites],
                found.providers_n,
            ),
        ),
        newest=midnight(max(row.last_confirmed_at for row in rows)),
        card=cards.of_place(body.places.lines),
        related_provider_ids=tuple(read(provider_row, provider).id for provider in sorted(_sellers(read, slug))),
    )


def _body(read: SliceReader, slug: str) -> RegionDetail:
    places, sites = read(place_lines, slug), read(site_lines, slug)
    return RegionDetail(
        inside=region_of(slug).inside,
        enough_worldwide=ENOUGH_WORLDWIDE,
        places=first(places, _MOST_LINES, "GPU", "the cheapest"),
        sites=first(sites, _MOST_LINES, "provider", "those with the most GPUs there"),
        sections=read(region_sections, slug),
        has_homes=any(line.home for line in sites),
        has_world=any(line.against_world for line in places),
        regions=_regions(read, slug),
    )


def _regions(read: SliceReader, slug: str) -> tuple[Link, ...]:
    continent = slug if region_of(slug).name in CONTINENTS else read(continent_of, slug)
    return tuple(read(region_link, other) for other in (continent, *read(countries_of, continent)) if other != slug)


def _continent(read: SliceReader, slug: str) -> Crumb:
    continent = read(continent_of, slug)
    return Crumb(region_of(continent).name, path(continent))


def _sellers(read: SliceReader, slug: str) -> set[str]:
    return {row.provider_slug for row in read(placed_in, slug)}


def _description(inside: str, places: tuple[PlaceLine, ...], providers_n: int, gpus_n: int) -> str:
    least = places[0] if places else None
    return clauses.description(
        (
            f"{plural(gpus_n, 'cloud GPU')} in {inside} from {plural(providers_n, 'provider')}, by stated site.",
            f"{least.gpu.text} from {money(least.floor)}/GPU-hour ({least.provider.text})." if least else "",
            "Prices beside the world’s median." if any(line.against_world for line in places) else "",
        )
    )


def _has_providers(read: SliceReader, slug: str) -> bool:
    return read(located, slug).providers_n >= _ENOUGH_PROVIDERS


def _has_offers(read: SliceReader, slug: str) -> bool:
    return read(located, slug).offers_n >= _ENOUGH_OFFERS


def _is_no_copy(read: SliceReader, slug: str) -> bool:
    """Whether a continent's page is another than that of its largest country."""
    return read(largest_share, slug) <= _MOST_SHARE


PAGE_TYPE = PageType(
    "region",
    RegionDetail,
    keys,
    path,
    page,
    (
        Rule("few_providers", f"{_ENOUGH_PROVIDERS} providers that state a place there", _has_providers),
        Rule("near_copy", f"other offers than one country’s: {rounded((1 - _MOST_SHARE) * 100, 0)}%", _is_no_copy),
        Rule("few_offers", f"{_ENOUGH_OFFERS} offers that state a place there", _has_offers),
    ),
    needs="a region's page needs an offer that states a place there",
)
