"""Offers as rows of a table: one row for an instance type at a provider, its regions folded."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from generator import urls
from generator.catalogue import Catalogue, midnight, view
from generator.pages.blocks import Link, OfferLine, OfferSection
from generator.rows import OfferRow
from generator.views.gpus import gpu_link, unstated_offers

Price = Callable[[OfferRow], Decimal | None]
PricingTypes = tuple[str, ...]

_AVAILABILITY = {
    "available": "In stock",
    "limited": "Low stock",
    "waitlist": "Waiting list",
    "sold_out": "Sold out",
    "contact_sales": "Contact sales",
    "deprecated": "Being retired",
}
_UNAVAILABLE = {"waitlist", "sold_out", "contact_sales", "deprecated"}
_ON_DEMAND, _SPOT, _RESERVED = ("on_demand",), ("spot",), ("monthly", "reserved_1y", "reserved_3y")
_BASIS_FLAGS = {
    "gpu_only": "GPU only: host billed apart",
    "bundle": "bundle",
}


@view
def gpu_sections(catalogue: Catalogue, slug: str) -> tuple[OfferSection, ...]:
    """A GPU's offers on demand, as spot, and with a commitment; each section cheapest first."""
    return _sections(catalogue, catalogue.offers_by_gpu.get(slug, []))


@view
def provider_sections(catalogue: Catalogue, slug: str) -> tuple[OfferSection, ...]:
    """A provider's offers by pricing type."""
    return _sections(catalogue, catalogue.offers_by_provider.get(slug, []))


@view
def unstated_section(catalogue: Catalogue, chip: str) -> OfferSection | None:
    """Offers that say the chip and not the form factor: on demand by price, then what is sold as spot only."""
    offers = unstated_offers(catalogue, chip)
    on_demand = [offer for offer in offers if _on_demand(offer) is not None]
    spot_only = [offer for offer in offers if _on_demand(offer) is None and _spot(offer) is not None]
    lines = (*_lines(catalogue, on_demand, _on_demand, _ON_DEMAND), *_lines(catalogue, spot_only, _spot, _SPOT))
    if not lines:
        return None
    note = "These providers name the chip and not its form factor, so their prices count for no variant."
    return OfferSection("form-factor-not-stated", "Form factor not stated", note, "on_demand", lines)


def _on_demand(offer: OfferRow) -> Decimal | None:
    return offer.price_per_gpu_hour


def _spot(offer: OfferRow) -> Decimal | None:
    return offer.price_per_gpu_hour_spot


def _reserved(offer: OfferRow) -> Decimal | None:
    """The least that a commitment of some length costs."""
    stated = (
        offer.price_per_gpu_hour_reserved_1y,
        offer.price_per_gpu_hour_reserved_3y,
        offer.price_per_gpu_hour_monthly,
    )
    return min((price for price in stated if price is not None), default=None)


_SECTIONS: tuple[tuple[str, str, str, str, Price, PricingTypes], ...] = (
    ("on-demand", "On demand", "Pay by use, stop when you like.", "on_demand", _on_demand, _ON_DEMAND),
    ("spot", "Spot and interruptible", "Cheaper, and can be taken away.", "spot", _spot, _SPOT),
    ("reserved", "Reserved and monthly", "For a commitment of a month or longer.", "reserved", _reserved, _RESERVED),
)


def _sections(catalogue: Catalogue, offers: list[OfferRow]) -> tuple[OfferSection, ...]:
    sections = []
    for anchor, title, note, column, price, types in _SECTIONS:
        priced = [offer for offer in offers if price(offer) is not None]
        if priced:
            sections.append(OfferSection(anchor, title, note, column, _lines(catalogue, priced, price, types)))
    return tuple(sections)


def _lines(
    catalogue: Catalogue, offers: Iterable[OfferRow], price: Price, types: PricingTypes
) -> tuple[OfferLine, ...]:
    """A line for each product, cheapest first; what is not ranked (sold out, old, shares) comes last.

    Regions whose offers rank and regions whose offers don't are never folded into one line.
    """

    def product(offer: OfferRow) -> tuple[str, str, str, int, Decimal, tuple[str, ...]]:
        own = (offer.provider_slug, offer.gpu_slug, offer.instance_type, offer.gpu_count, offer.gpu_share)
        return (*own, tuple(_flags(catalogue, offer, types)))

    groups = [list(regions) for _, regions in groupby(sorted(offers, key=product), key=product)]
    cheapest_first = [sorted(regions, key=lambda offer: (price(offer), offer.region)) for regions in groups]
    lines = [(price(regions[0]), _line(catalogue, regions, price, types)) for regions in cheapest_first]
    lines.sort(key=lambda line: (bool(line[1].flags), line[0], line[1].provider.text, line[1].instance_type))
    return tuple(line for _, line in lines)


def _line(catalogue: Catalogue, regions: list[OfferRow], price: Price, types: PricingTypes) -> OfferLine:
    """The cheapest region's offer, and how many others there are up to which price."""
    best, dearest = regions[0], price(regions[-1])
    provider = catalogue.providers[best.provider_slug]
    return OfferLine(
        provider=Link(provider.display_name, urls.provider(provider.slug)),
        gpu=gpu_link(catalogue, best.gpu_slug),
        instance_type=best.instance_name or best.instance_type,
        upstream=_upstream(catalogue, best),
        count=_count(best),
        region=best.region or _only(best.available_regions),
        more_regions=len(regions) - 1 if best.region else max(len(best.available_regions) - 1, 0),
        price_per_hour=best.price_per_hour if best.size_stated else None,
        price_per_gpu_hour=best.price_per_gpu_hour,
        price_per_gpu_hour_spot=best.price_per_gpu_hour_spot,
        price_per_gpu_hour_monthly=best.price_per_gpu_hour_monthly,
        price_per_gpu_hour_reserved_1y=best.price_per_gpu_hour_reserved_1y,
        price_per_gpu_hour_reserved_3y=best.price_per_gpu_hour_reserved_3y,
        highest=dearest if dearest != price(best) else None,
        original=_original(best),
        availability=_AVAILABILITY[best.availability_status] if best.availability_stated else "Not stated",
        availability_stated=best.availability_stated,
        confirmed_at=midnight(best.last_confirmed_at),
        freshness=best.freshness,
        is_recorded=best.is_recorded,
        flags=tuple(_flags(catalogue, best, types)),
        out_url=urls.outgoing(
            best.instance_url or provider.affiliate_url or provider.pricing_url or provider.website_url
        ),
        out_rel="nofollow sponsored" if provider.affiliate_url and not best.instance_url else "nofollow",
        evidence_url=urls.outgoing(best.origin_url if best.is_recorded else best.source_url),
    )


def _count(offer: OfferRow) -> str:
    if not offer.size_stated:
        return ""
    if offer.gpu_share == 1:
        return str(offer.gpu_count)
    return str(Fraction(offer.gpu_share).limit_denominator(64))


def _only(regions: list[str]) -> str:
    return regions[0] if regions else ""


def _original(offer: OfferRow) -> str:
    amount = offer.original_price_per_hour or offer.original_price_per_hour_spot
    return "" if offer.currency == "USD" or amount is None else f"{offer.currency} {amount.normalize():f}"


def _upstream(catalogue: Catalogue, offer: OfferRow) -> str:
    provider = catalogue.providers.get(offer.upstream or "")
    return provider.display_name if provider else offer.upstream or ""


def _flags(catalogue: Catalogue, offer: OfferRow, types: PricingTypes) -> Iterator[str]:
    """What keeps an offer's prices of these types out of the ranking, in words; nothing where one ranks."""
    reasons = [_BASIS_FLAGS[offer.price_basis]] if offer.price_basis in _BASIS_FLAGS else []
    if offer.gpu_share < 1:
        reasons.append("share of a GPU")
    if offer.freshness == "aging":
        reasons.append("recorded long ago" if offer.is_recorded else "not confirmed lately")
    if offer.availability_status in _UNAVAILABLE:
        reasons.append(_AVAILABILITY[offer.availability_status].lower())
    if not offer.is_ranked:
        yield from reasons or ["recorded earlier" if offer.is_recorded else "uptime below 95%"]
    elif not any(map(offer.ranks_as, types)):
        yield f"counted at {_upstream(catalogue, offer)}"
