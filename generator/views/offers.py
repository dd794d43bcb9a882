"""Offers as rows of a table: one row for an instance type at a provider, its regions folded."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from generator import urls
from generator.catalogue import Catalogue, view
from generator.pages.blocks import Link, OfferLine, OfferSection
from generator.rows import OfferRow
from generator.views.gpus import gpu_link, unstated_offers

HOURS_A_MONTH = 730
_HOUR_PRICES = {
    "on_demand": "price_per_hour",
    "spot": "price_per_hour_spot",
    "reserved_1y": "price_per_hour_reserved_1y",
    "reserved_3y": "price_per_hour_reserved_3y",
}
_AVAILABILITY = {
    "available": "In stock",
    "limited": "Low stock",
    "waitlist": "Waiting list",
    "sold_out": "Sold out",
    "contact_sales": "Contact sales",
    "deprecated": "Being retired",
}
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
    """Offers that say the chip and not the form factor, by their best price."""
    lines = _lines(catalogue, unstated_offers(catalogue, chip))
    if not lines:
        return None
    note = "These providers name the chip and not its form factor, so their prices count for no variant."
    return OfferSection(
        "form-factor-not-stated", "Form factor not stated", note, "on_demand", _by_price(lines, _any_price)
    )


def per_gpu_hour(offer: OfferRow, price: Decimal | None) -> Decimal | None:
    """The price of one whole GPU and hour for a price of the instance; None stays None."""
    return None if price is None else round(price / (offer.gpu_count * offer.gpu_share), 4)


def _sections(catalogue: Catalogue, offers: Iterable[OfferRow]) -> tuple[OfferSection, ...]:
    lines = _lines(catalogue, offers)
    kinds = (
        ("on-demand", "On demand", "Pay by use, stop when you like.", "on_demand", lambda line: line.price_gpu_hour),
        ("spot", "Spot and interruptible", "Cheaper, and can be taken away.", "spot", lambda line: line.spot_gpu_hour),
        ("reserved", "Reserved and monthly", "For a commitment of a month or longer.", "reserved", _reserved_price),
    )
    sections = []
    for anchor, title, note, column, price in kinds:
        priced = [line for line in lines if price(line) is not None]
        if priced:
            sections.append(OfferSection(anchor, title, note, column, _by_price(priced, price)))
    return tuple(sections)


def _by_price(lines: Iterable[OfferLine], price: Callable[[OfferLine], Decimal | None]) -> tuple[OfferLine, ...]:
    """Cheapest first; what is not ranked (old, recorded beside live, shares, GPU only) comes last."""

    def order(line: OfferLine) -> tuple[bool, Decimal, str, str]:
        return bool(line.flags), price(line) or Decimal("Infinity"), line.provider.text, line.instance_type

    return tuple(sorted(lines, key=order))


def _reserved_price(line: OfferLine) -> Decimal | None:
    stated = [
        price
        for price in (line.reserved_1y_gpu_hour, line.reserved_3y_gpu_hour, line.month_gpu_hour)
        if price is not None
    ]
    return min(stated, default=None)


def _any_price(line: OfferLine) -> Decimal | None:
    return line.price_gpu_hour or line.spot_gpu_hour or _reserved_price(line)


def _lines(catalogue: Catalogue, offers: Iterable[OfferRow]) -> list[OfferLine]:
    def product(offer: OfferRow) -> tuple[str, str, str, int, Decimal]:
        return (offer.provider_slug, offer.gpu_slug, offer.instance_type, offer.gpu_count, offer.gpu_share)

    groups = groupby(sorted(offers, key=product), key=product)
    return [_line(catalogue, list(regions)) for _, regions in groups]


def _line(catalogue: Catalogue, regions: list[OfferRow]) -> OfferLine:
    best = min(regions, key=_cheapest)
    provider = catalogue.providers[best.provider_slug]
    per_gpu = {name: per_gpu_hour(best, _lowest(regions, column)) for name, column in _HOUR_PRICES.items()}
    month = _lowest(regions, "price_per_month")
    prices = [per_gpu_hour(offer, offer.price_per_hour) for offer in regions if offer.price_per_hour]
    return OfferLine(
        provider=Link(provider.display_name, urls.provider(provider.slug)),
        gpu=gpu_link(catalogue, best.gpu_slug),
        instance_type=best.instance_name or best.instance_type,
        count=_count(best),
        region=best.region or _only(best.available_regions),
        more_regions=len(regions) - 1 if best.region else max(len(best.available_regions) - 1, 0),
        price_gpu_hour=per_gpu["on_demand"],
        price_hour=_lowest(regions, "price_per_hour"),
        highest=max((price for price in prices if price), default=None),
        spot_gpu_hour=per_gpu["spot"],
        reserved_1y_gpu_hour=per_gpu["reserved_1y"],
        reserved_3y_gpu_hour=per_gpu["reserved_3y"],
        month_gpu_hour=per_gpu_hour(best, month / HOURS_A_MONTH if month else None),
        original=_original(best),
        availability=_AVAILABILITY[best.availability_status] if best.availability_stated else "Not stated",
        availability_stated=best.availability_stated,
        confirmed_at=max(offer.last_confirmed_at for offer in regions),
        freshness=best.freshness,
        is_recorded=best.is_recorded,
        flags=tuple(_flags(best)),
        out_url=urls.outgoing(
            best.instance_url or provider.affiliate_url or provider.pricing_url or provider.website_url
        ),
        out_rel="nofollow sponsored" if provider.affiliate_url and not best.instance_url else "nofollow",
        evidence_url=urls.outgoing(best.source_url),
    )


def _cheapest(offer: OfferRow) -> tuple[Decimal, Decimal]:
    infinite = Decimal("Infinity")
    return offer.price_per_hour or infinite, offer.price_per_hour_spot or infinite


def _lowest(offers: Iterable[OfferRow], column: str) -> Decimal | None:
    return min((price for offer in offers if (price := getattr(offer, column)) is not None), default=None)


def _count(offer: OfferRow) -> str:
    if offer.gpu_share == 1:
        return str(offer.gpu_count)
    return str(Fraction(offer.gpu_share).limit_denominator(64))


def _only(regions: list[str]) -> str:
    return regions[0] if regions else ""


def _original(offer: OfferRow) -> str:
    amount = offer.original_price_per_hour or offer.original_price_per_hour_spot
    return "" if offer.currency == "USD" or amount is None else f"{offer.currency} {amount.normalize():f}"


def _flags(offer: OfferRow) -> Iterable[str]:
    """What keeps an offer out of the ranking, in words."""
    if offer.price_basis in _BASIS_FLAGS:
        yield _BASIS_FLAGS[offer.price_basis]
    if offer.gpu_share < 1:
        yield "share of a GPU"
    if offer.freshness == "aging":
        yield "not confirmed lately"
    if offer.availability_status in {"waitlist", "contact_sales", "deprecated"}:
        yield _AVAILABILITY[offer.availability_status].lower()
