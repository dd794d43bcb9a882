"""Providers: how they are listed, and how their prices compare with the market."""

from collections import Counter
from decimal import Decimal
from heapq import nlargest
from itertools import chain

import pycountry

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import FloorRow, ProviderFiguresRow, ProviderRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.floors import middle, standing
from generator.catalogue.views.gpus import MOST_LISTED, gpu_link, stats
from generator.catalogue.views.terms import egress_of, minimum_of, step_of, storage_of, term_lines
from generator.formats import collection
from generator.labels import PROVIDER_TYPES, SOURCE_CLASSES
from generator.model.blocks import Fact, Link, ProviderLine

_ALTERNATIVES = 6
_ENOUGH_SELLERS = 3
TERMS_TABLES = ("providers", "provider_figures", "terms_by_provider")
"""What `known_terms_n` reads of each provider."""
_NOT_TERMS = {"Kind", "Headquarters", "Founded", "API"}


@view
def provider_row(catalogue: Catalogue, slug: str) -> ProviderRow:
    """A provider's row."""
    return catalogue.providers[slug]


@aggregate
def provider_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """All active providers."""
    return tuple(catalogue.listed_providers)


@aggregate
def provider_link(catalogue: Catalogue, slug: str) -> Link | None:
    """A provider's name and page; None for a provider that is not listed."""
    row = catalogue.providers.get(slug)
    return Link(row.display_name, urls.provider(slug)) if row else None


@aggregate
def provider_line(catalogue: Catalogue, slug: str) -> ProviderLine:
    """A provider with its figures and terms, as lists show it."""
    row, shown = catalogue.providers[slug], catalogue.provider_figures[slug]
    on_demand = provider_floors(catalogue, slug, "on_demand")
    return ProviderLine(
        slug=slug,
        name=row.display_name,
        path=urls.provider(slug),
        provider_type=row.provider_type,
        country=country(row.headquarters_country),
        gpus_n=shown.gpus_n,
        fresh_gpus_n=shown.fresh_gpus_n,
        offers_n=shown.offers_n,
        regions_n=shown.regions_n,
        floor=min((floor.floor for floor in on_demand), default=None),
        position=position(catalogue, slug),
        compared_n=len(positions(catalogue, slug)),
        billing_step=step_of(catalogue, slug),
        minimum_rental=minimum_of(catalogue, slug),
        storage=storage_of(catalogue, slug),
        egress=egress_of(catalogue, slug),
        has_spot=shown.has_spot or bool(row.supports_spot_instances),
        has_reserved=shown.has_reserved or bool(row.supports_reserved_instances),
        has_infiniband=shown.has_infiniband,
        source=source(row),
        confirmed_at=row.last_confirmed_at,
        freshness=_freshness(shown),
        is_recorded=row.is_recorded,
    )


@view
def provider_lines(catalogue: Catalogue) -> tuple[ProviderLine, ...]:
    """Providers, those with the most GPUs first: as many as a page has room for."""
    slugs = provider_order(catalogue)[:MOST_LISTED]
    catalogue.read_ahead(slugs, "providers", "provider_figures", "terms_by_provider", "floors_by_provider")
    gpus = {row.gpu_slug for slug in slugs for row in catalogue.floors_by_provider.get(slug, [])}
    catalogue.read_ahead(sorted(gpus), "floors_by_gpu")
    return tuple(provider_line(catalogue, slug) for slug in slugs)


@aggregate
def provider_order(catalogue: Catalogue) -> tuple[str, ...]:
    """The slugs of all providers, in the same order."""
    rows = catalogue.listed_providers.values()
    return tuple(row.slug for row in sorted(rows, key=lambda row: (-row.gpus_n, -row.offers_n, row.slug)))


@view
def provider_floors(catalogue: Catalogue, slug: str, pricing_type: str) -> tuple[FloorRow, ...]:
    """A provider's cheapest ranked price of each GPU variant, by GPU."""
    rows = catalogue.floors_by_provider.get(slug, [])
    return tuple(
        row for row in rows if row.pricing_type == pricing_type and catalogue.gpus[row.gpu_slug].kind == "variant"
    )


@view
def positions(catalogue: Catalogue, slug: str) -> tuple[tuple[str, Decimal], ...]:
    """A provider's on-demand prices divided by the other sellers' median of the same GPU in the same number."""
    floors = provider_floors(catalogue, slug, "on_demand")
    found = ((row.gpu_slug, standing(catalogue, row)) for row in floors)
    return tuple((gpu, stands.ratio) for gpu, stands in found if stands)


@aggregate
def led_gpus(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """The GPUs that a provider rents out on demand for less than at least two others do, the most widely sold first."""
    gpus = [row.gpu_slug for row in provider_floors(catalogue, slug, "on_demand")]
    catalogue.read_ahead(gpus, "gpus", "stats_by_gpu")
    figures = [found for gpu in gpus if (found := stats(catalogue, gpu, "on_demand"))]
    led = [one for one in figures if one.cheapest_provider == slug and one.providers_n >= _ENOUGH_SELLERS]
    return tuple(
        gpu_link(catalogue, one.gpu_slug) for one in sorted(led, key=lambda one: (-one.providers_n, one.gpu_slug))
    )


@view
def position(catalogue: Catalogue, slug: str) -> Decimal | None:
    """The median of `positions`: 0.9 is ten per cent below the market; None for too few GPUs."""
    return middle(ratio for _, ratio in positions(catalogue, slug))


@view
def alternatives(catalogue: Catalogue, slug: str) -> tuple[ProviderLine, ...]:
    """Up to six providers that sell the most of the same GPUs, the larger first."""
    return tuple(provider_line(catalogue, other) for other in _alternative_slugs(catalogue, slug))


@aggregate
def _alternative_slugs(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The slugs of `alternatives`."""
    own = [row.gpu_slug for row in provider_floors(catalogue, slug, "on_demand")]
    sellers, listed = catalogue.sellers.rows, catalogue.listed_providers.rows
    shared = Counter(chain.from_iterable(sellers[gpu] for gpu in own))
    del shared[slug]
    fewest = min(nlargest(_ALTERNATIVES, shared.values()), default=0)
    most = [other for other, n in shared.items() if n >= fewest]
    order = sorted(most, key=lambda other: (-shared[other], -listed[other].gpus_n, other))
    return tuple(order[:_ALTERNATIVES])


@view
def provider_facts(catalogue: Catalogue, slug: str) -> tuple[Fact, ...]:
    """What is known of a provider; unknown facts are left out.  A pricing type with a price is offered."""
    row, shown = catalogue.providers[slug], catalogue.provider_figures[slug]
    facts = (
        Fact("Kind", PROVIDER_TYPES[row.provider_type]),
        Fact("Headquarters", country(row.headquarters_country)),
        Fact("Founded", str(row.founded_year or "")),
        Fact("Spot", _yes_no(shown.has_spot or row.supports_spot_instances)),
        Fact("Reserved", _yes_no(shown.has_reserved or row.supports_reserved_instances)),
        Fact("Bare metal", _yes_no(row.supports_bare_metal)),
        Fact("API", "Yes" if row.has_public_api else "", urls.outgoing(row.docs_url)),
    )
    return tuple(fact for fact in facts if fact.value)


@view
def stated_facts(catalogue: Catalogue, slug: str) -> tuple[Fact, ...]:
    """A provider's facts and its terms in the usual case."""
    terms = (term for term in term_lines(catalogue, slug) if term.is_known and not term.qualifier)
    return (*provider_facts(catalogue, slug), *(Fact(term.label, term.value, term.source_url) for term in terms))


@aggregate
def known_terms_n(catalogue: Catalogue, slug: str) -> int:
    """How many of a provider's terms are known, those that say how it can be rented included."""
    return len({fact.label for fact in stated_facts(catalogue, slug)} - _NOT_TERMS)


def source(row: ProviderRow) -> str:
    """Where a provider's prices were read: its own API or page, or the collection that recorded ones come from."""
    if not row.is_recorded:
        return SOURCE_CLASSES[row.source_class]
    return f"via {collection(row.origin_url)}" if row.origin_url else "Recorded by others"


def country(code: str | None) -> str:
    """A country's English name for its three-letter ISO code; "" for none."""
    found = pycountry.countries.get(alpha_3=code) if code else None
    return getattr(found, "common_name", found.name) if found else ""


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "Yes" if value else "No"


def _freshness(shown: ProviderFiguresRow) -> str:
    return "" if not shown.offers_n else "fresh" if shown.fresh_gpus_n else "aging"
