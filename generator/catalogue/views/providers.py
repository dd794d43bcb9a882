"""Providers: how they are listed, and how their prices compare with the market."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from statistics import median

import pycountry

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.rows import FloorRow, OfferRow, ProviderRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import stats
from generator.catalogue.views.terms import egress_of, minimum_of, step_of, storage_of
from generator.formats import collection
from generator.labels import PROVIDER_TYPES, SOURCE_CLASSES
from generator.model.blocks import Fact, Link, ProviderLine


@view
def provider_row(catalogue: Catalogue, slug: str) -> ProviderRow:
    """A provider's row; `last_confirmed_at` is cut to the day, so that confirming prices again changes no page."""
    row = catalogue.providers[slug]
    return replace(row, last_confirmed_at=row.last_confirmed_at and midnight(row.last_confirmed_at))


@view
def provider_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """All active providers."""
    return tuple(catalogue.providers)


@view
def provider_link(catalogue: Catalogue, slug: str) -> Link | None:
    """A provider's name and page; None for a provider that is not listed."""
    row = catalogue.providers.get(slug)
    return Link(row.display_name, urls.provider(slug)) if row else None


@view
def provider_line(catalogue: Catalogue, slug: str) -> ProviderLine:
    """A provider with its figures and terms, as lists show it."""
    row = catalogue.providers[slug]
    offers = catalogue.offers_by_provider.get(slug, [])
    on_demand = provider_floors(catalogue, slug, "on_demand")
    regions = {offer.region for offer in offers if offer.region}
    regions |= {region for offer in offers for region in offer.available_regions}
    return ProviderLine(
        slug=slug,
        name=row.display_name,
        path=urls.provider(slug),
        provider_type=row.provider_type,
        country=country(row.headquarters_country),
        gpus_n=len({offer.gpu_slug for offer in offers}),
        fresh_gpus_n=len({offer.gpu_slug for offer in offers if offer.freshness == "fresh"}),
        offers_n=len(offers),
        regions_n=len(regions),
        floor=min((floor.floor for floor in on_demand), default=None),
        position=position(catalogue, slug),
        billing_step=step_of(catalogue, slug),
        minimum_rental=minimum_of(catalogue, slug),
        storage=storage_of(catalogue, slug),
        egress=egress_of(catalogue, slug),
        has_spot=_sells_spot(offers) or bool(row.supports_spot_instances),
        has_reserved=_sells_reserved(offers) or bool(row.supports_reserved_instances),
        has_infiniband=any(offer.has_infiniband for offer in offers),
        source=source(row),
        confirmed_at=row.last_confirmed_at and midnight(row.last_confirmed_at),
        freshness=_freshness(offers),
        is_recorded=row.is_recorded,
    )


@view
def provider_lines(catalogue: Catalogue) -> tuple[ProviderLine, ...]:
    """All providers, those with the most GPUs first."""
    lines = [provider_line(catalogue, slug) for slug in catalogue.providers]
    return tuple(sorted(lines, key=lambda line: (-line.gpus_n, -line.offers_n, line.slug)))


@view
def provider_order(catalogue: Catalogue) -> tuple[str, ...]:
    """The slugs of the same, for pages that show no figures."""
    return tuple(line.slug for line in provider_lines(catalogue))


@view
def provider_floors(catalogue: Catalogue, slug: str, pricing_type: str) -> tuple[FloorRow, ...]:
    """A provider's cheapest ranked price of each GPU variant, by GPU."""
    rows = catalogue.floors_by_provider.get(slug, [])
    return tuple(
        row for row in rows if row.pricing_type == pricing_type and catalogue.gpus[row.gpu_slug].kind == "variant"
    )


@view
def positions(catalogue: Catalogue, slug: str) -> tuple[tuple[str, Decimal], ...]:
    """A provider's on-demand floors divided by the market median, for GPUs that at least two providers sell."""
    found = []
    for row in provider_floors(catalogue, slug, "on_demand"):
        market = stats(catalogue, row.gpu_slug, "on_demand")
        if market and market.providers_n >= 2:
            found.append((row.gpu_slug, round(row.floor / market.median, 4)))
    return tuple(found)


@view
def position(catalogue: Catalogue, slug: str) -> Decimal | None:
    """The median of `positions`: 0.9 is ten per cent below the market."""
    ratios = [ratio for _, ratio in positions(catalogue, slug)]
    return round(Decimal(median(ratios)), 4) if ratios else None


@view
def alternatives(catalogue: Catalogue, slug: str) -> tuple[ProviderLine, ...]:
    """Up to six providers that sell the most of the same GPUs."""
    own = {row.gpu_slug for row in provider_floors(catalogue, slug, "on_demand")}

    def shared(line: ProviderLine) -> int:
        return len(own & {row.gpu_slug for row in provider_floors(catalogue, line.slug, "on_demand")})

    others = [line for line in provider_lines(catalogue) if line.slug != slug and shared(line)]
    return tuple(sorted(others, key=lambda line: (-shared(line), line.position or 9, line.slug))[:6])


@view
def provider_facts(catalogue: Catalogue, slug: str) -> tuple[Fact, ...]:
    """What is known of a provider; unknown facts are left out.  A pricing type with a price is offered."""
    row, offers = catalogue.providers[slug], catalogue.offers_by_provider.get(slug, [])
    facts = (
        Fact("Kind", PROVIDER_TYPES[row.provider_type]),
        Fact("Headquarters", country(row.headquarters_country)),
        Fact("Founded", str(row.founded_year or "")),
        Fact("Spot", _yes_no(_sells_spot(offers) or row.supports_spot_instances)),
        Fact("Reserved", _yes_no(_sells_reserved(offers) or row.supports_reserved_instances)),
        Fact("Bare metal", _yes_no(row.supports_bare_metal)),
        Fact("API", "Yes" if row.has_public_api else "", urls.outgoing(row.docs_url)),
    )
    return tuple(fact for fact in facts if fact.value)


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


def _sells_spot(offers: Iterable[OfferRow]) -> bool:
    return any(offer.price_per_hour_spot for offer in offers)


def _sells_reserved(offers: Iterable[OfferRow]) -> bool:
    return any(
        offer.price_per_hour_reserved_1y or offer.price_per_hour_reserved_3y or offer.price_per_month
        for offer in offers
    )


def _freshness(offers: list[OfferRow]) -> str:
    return "" if not offers else "fresh" if any(offer.freshness == "fresh" for offer in offers) else "aging"
