"""Where machines are: countries and continents, from the places that offers state."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import pycountry
from slugify import slugify

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.list_rows import PlacedOfferRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.answers import path_of
from generator.catalogue.views.gpus import gpu_link, stats
from generator.catalogue.views.offers import OFFERS_BYTES, on_scale, original, seller_of
from generator.catalogue.views.providers import country as country_of
from generator.catalogue.views.providers import provider_link
from generator.catalogue.views.scheduled import until
from generator.catalogue.views.traits import placed_traits
from generator.formats import plural
from generator.model.blocks import Link
from generator.model.lists import Located, PlaceLine, SiteLine
from generator.model.offer_table import OfferLine, OfferSection
from generator.model.page_size import MARKUP_BYTES, cheapest_of_each, fitting

ENOUGH_WORLDWIDE = 4  # providers behind a median with which a price is compared
CONTINENTS = ("Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America")
_SHORT = {"RU": "Russia", "TR": "Turkey"}  # as a reader would search for it
_WITH_ARTICLE = {"AE", "GB", "NL", "PH", "US"}
_MOST_SITES = 4


class Region(NamedTuple):
    """A country or continent: `code` is an ISO code of two letters, or the continent's name; `inside` is with "the"."""

    code: str
    name: str
    inside: str


@cache
def _regions() -> Mapping[str, Region]:
    """All countries and continents by slug."""
    found = [Region(name, name, name) for name in CONTINENTS]
    for one in pycountry.countries:
        name = _SHORT.get(one.alpha_2) or str(getattr(one, "common_name", one.name))
        found.append(Region(one.alpha_2, name, f"the {name}" if one.alpha_2 in _WITH_ARTICLE else name))
    return {slugify(region.name): region for region in found}


@cache
def _slugs() -> Mapping[str, str]:
    """The slug of each code."""
    return {region.code: slug for slug, region in _regions().items()}


def region_of(slug: str) -> Region:
    """The country or continent of that slug.  Raises KeyError."""
    return _regions()[slug]


@aggregate
def region_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """The countries and continents with an offer there, the continents first."""
    found = {slug for provider in _read_ahead(catalogue) for slug in regions_of_provider(catalogue, provider)}
    return tuple(slug for slug in _regions() if slug in found)


@aggregate
def regions_of_provider(catalogue: Catalogue, provider: str) -> tuple[str, ...]:
    """The slugs of the countries and continents in which a provider's offers are."""
    return _slugs_of(catalogue.placed_by_provider.get(provider, []))


@view
def region_links_of_provider(catalogue: Catalogue, provider: str) -> tuple[Link, ...]:
    """Links to the countries and continents in which a provider's offers are, with how many there are."""
    return _links(catalogue.placed_by_provider.get(provider, []))


@view
def region_links_of_gpu(catalogue: Catalogue, gpu: str) -> tuple[Link, ...]:
    """Links to the countries and continents in which a GPU's offers are, with how many there are."""
    return _links(catalogue.placed_by_gpu.get(gpu, []))


@view
def placed_in(catalogue: Catalogue, slug: str) -> tuple[PlacedOfferRow, ...]:
    """The offers in a country or continent, by provider, GPU and region."""
    code = region_of(slug).code
    sellers = [name for name in _read_ahead(catalogue) if slug in regions_of_provider(catalogue, name)]
    return tuple(
        row for name in sellers for row in catalogue.placed_by_provider[name] if code in (row.country, row.continent)
    )


@aggregate
def located(catalogue: Catalogue, slug: str) -> Located:
    """How many offers of how many providers are in a country or continent."""
    rows = placed_in(catalogue, slug)
    return Located(sum(row.offers_n for row in rows), len({row.provider_slug for row in rows}))


@aggregate
def silent_providers(catalogue: Catalogue) -> tuple[int, int]:
    """How many providers with offers state no place for any, and of how many."""
    sellers = [slug for slug in _read_ahead(catalogue) if catalogue.listed_providers[slug].offers_n]
    return sum(not regions_of_provider(catalogue, slug) for slug in sellers), len(sellers)


@aggregate
def region_link(catalogue: Catalogue, slug: str) -> Link:
    """A country's or continent's name and page, with how many offers are there."""
    found = located(catalogue, slug)
    note = f"{plural(found.providers_n, 'provider')}, {plural(found.offers_n, 'offer')}"
    return Link(region_of(slug).name, urls.region(slug), note)


@aggregate
def countries_of(catalogue: Catalogue, continent: str) -> tuple[str, ...]:
    """The slugs of a continent's countries with an offer there."""
    rows = placed_in(catalogue, continent)
    return tuple(sorted({_slugs()[row.country] for row in rows if row.country}))


@aggregate
def largest_share(catalogue: Catalogue, slug: str) -> Decimal:
    """The share (0 to 1) of a continent's offers that one country has; 0 for a country."""
    if region_of(slug).name not in CONTINENTS:
        return Decimal(0)
    counts: Counter[str] = Counter()
    for row in placed_in(catalogue, slug):
        counts[row.country or ""] += row.offers_n
    by_country = [n for country, n in counts.items() if country]
    return Decimal(max(by_country, default=0)) / max(counts.total(), 1)


@view
def continent_of(catalogue: Catalogue, country: str) -> str:
    """The slug of a country's continent."""
    return _slugs()[placed_in(catalogue, country)[0].continent]


@view
def place_lines(catalogue: Catalogue, slug: str) -> tuple[PlaceLine, ...]:
    """The GPUs that rank in a country or continent: the lowest price there, the world's median; the cheapest first."""
    ranked = sorted((row for row in placed_in(catalogue, slug) if row.is_ranked), key=_by_gpu_and_price)
    catalogue.read_ahead(sorted({row.gpu_slug for row in ranked}), "gpus", "stats_by_gpu")
    lines = [_place_line(catalogue, gpu, list(rows)) for gpu, rows in groupby(ranked, attrgetter("gpu_slug"))]
    return tuple(sorted(filter(None, lines), key=lambda line: (line.floor, line.gpu.text)))


@view
def site_lines(catalogue: Catalogue, slug: str) -> tuple[SiteLine, ...]:
    """The providers with offers in a country or continent: where they have their seat, and their sites there."""
    by_provider = groupby(placed_in(catalogue, slug), attrgetter("provider_slug"))
    lines = [_site_line(catalogue, provider, list(rows)) for provider, rows in by_provider]
    return tuple(sorted(filter(None, lines), key=lambda line: (-line.gpus_n, -line.offers_n, line.provider.text)))


@view
def region_sections(catalogue: Catalogue, slug: str) -> tuple[OfferSection, ...]:
    """The cheapest ranked offer of each provider, GPU and site in a country or continent; none where none ranks."""
    rows = sorted((row for row in placed_in(catalogue, slug) if row.is_ranked), key=_by_price)
    if not rows:
        return ()
    sellers = [row.provider_slug for row in rows]
    shown = [rows[place] for place in sorted(cheapest_of_each(sellers)[: OFFERS_BYTES // MARKUP_BYTES])]
    catalogue.read_ahead(sorted({row.gpu_slug for row in shown}), "gpus")
    catalogue.read_ahead(sorted({row.provider_slug for row in shown}), "answers")
    note = "The lowest ranked on-demand price of each GPU at each site that a provider states."
    lines = tuple(_line(catalogue, row) for row in shown)
    section = OfferSection(
        "offers", "Offers by site", note, "on_demand", lines, "provider", len(set(sellers)), len(rows)
    )
    return fitting([section], OFFERS_BYTES)


def _read_ahead(catalogue: Catalogue) -> tuple[str, ...]:
    """The slugs of all providers, with their offers by place read in one query."""
    sellers = tuple(catalogue.listed_providers)
    catalogue.read_ahead(sellers, "placed_by_provider")
    return sellers


def _slugs_of(rows: Iterable[PlacedOfferRow]) -> tuple[str, ...]:
    found = {_slugs()[code] for row in rows for code in (row.continent, row.country) if code}
    return tuple(sorted(found))


def _links(rows: Sequence[PlacedOfferRow]) -> tuple[Link, ...]:
    """Those with the most offers first."""
    counts: Counter[str] = Counter()
    for row in rows:
        for code in filter(None, (row.country, row.continent)):
            counts[code] += row.offers_n
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Link(region_of(slug).name, urls.region(slug), plural(n, "offer"))
        for code, n in ordered
        if (slug := _slugs()[code])
    )


def _place_line(catalogue: Catalogue, gpu: str, rows: Sequence[PlacedOfferRow]) -> PlaceLine | None:
    best, world = rows[0], stats(catalogue, gpu, "on_demand")
    seller, floor = provider_link(catalogue, best.provider_slug), best.price_per_gpu_hour
    if seller is None or floor is None:
        return None
    is_compared = world is not None and world.providers_n >= ENOUGH_WORLDWIDE
    return PlaceLine(
        gpu=gpu_link(catalogue, gpu),
        floor=floor,
        provider=seller,
        site=_site(best),
        providers_n=len({row.provider_slug for row in rows}),
        world_median=world.median if world and is_compared else None,
        world_providers_n=world.providers_n if world else 0,
        against_world=round(floor / world.median, 4) if world and is_compared else None,
    )


def _site_line(catalogue: Catalogue, provider: str, rows: Sequence[PlacedOfferRow]) -> SiteLine | None:
    link = provider_link(catalogue, provider)
    sites = sorted({_site(row) for row in rows})
    return link and SiteLine(
        provider=link,
        home=country_of(catalogue.providers[provider].headquarters_country),
        sites=tuple(sites[:_MOST_SITES]),
        more_sites=max(len(sites) - _MOST_SITES, 0),
        gpus_n=len({row.gpu_slug for row in rows}),
        offers_n=sum(row.offers_n for row in rows),
        ranked_n=len({row.gpu_slug for row in rows if row.is_ranked}),
    )


def _site(row: PlacedOfferRow) -> str:
    """Where a site is: the provider's own name for it, a country's where that is all that it says."""
    if row.region == row.country:
        return region_of(_slugs()[row.region]).name
    return f"{row.region} ({row.site})" if row.site and row.site != row.region else row.region


def _by_price(row: PlacedOfferRow) -> tuple[Decimal, str, str, str]:
    return row.price_per_gpu_hour or Decimal(0), row.gpu_slug, row.provider_slug, row.region


def _by_gpu_and_price(row: PlacedOfferRow) -> tuple[str, Decimal, str, str]:
    return row.gpu_slug, row.price_per_gpu_hour or Decimal(0), row.provider_slug, row.region


def _line(catalogue: Catalogue, row: PlacedOfferRow) -> OfferLine:
    seller, upstream = seller_of(catalogue, row.provider_slug), provider_link(catalogue, row.upstream or "")
    own = row.instance_url
    return OfferLine(
        provider=seller.link,
        gpu=gpu_link(catalogue, row.gpu_slug),
        instance_type=row.instance_type,
        upstream=upstream.text if upstream else row.upstream or "",
        count=str(row.gpu_count) if row.size_stated else "",
        regions=(_site(row),),
        price_per_hour=row.price_per_hour if row.size_stated else None,
        price_per_gpu_hour=row.price_per_gpu_hour,
        price_per_gpu_hour_spot=row.price_per_gpu_hour_spot,
        price_per_gpu_hour_monthly=None,
        price_per_gpu_hour_reserved_1y=None,
        price_per_gpu_hour_reserved_3y=None,
        original=original(row.currency, row.original_price_per_hour),
        vcpu_count=None,
        ram_gb=None,
        availability=row.availability_status,
        availability_stated=row.availability_stated,
        confirmed_at=midnight(row.last_confirmed_at),
        freshness=row.freshness,
        is_recorded=row.is_recorded,
        flags=(),
        ends=until(row.price_ends, ["on_demand"]),
        scale=on_scale(catalogue, row.gpu_slug, ("on_demand",), row.price_per_gpu_hour or Decimal(0)),
        traits=placed_traits(row),
        out_url=urls.outgoing(own) if own else seller.out_url,
        out_rel="nofollow sponsored" if seller.is_affiliate and not own else "nofollow",
        evidence_url=urls.outgoing(row.origin_url if row.is_recorded else row.source_url),
        evidence_path=path_of(catalogue, row),
    )
