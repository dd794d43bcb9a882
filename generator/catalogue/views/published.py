"""Offers as programs get them."""

from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import view
from generator.formats import iso_day, plain_money
from generator.labels import PRICING
from generator.model.offer import Offer
from scrapers.price_per_gpu_hour import PER_GPU_HOUR, PRICING_TYPES

_PRICES = attrgetter(*PER_GPU_HOUR.values())  # in the order of PRICING


@view
def offers_of_gpu(catalogue: Catalogue, slug: str) -> tuple[Offer, ...]:
    """All offers of a GPU, or of those that name only a chip, by provider."""
    return tuple(map(published, catalogue.offers_by_gpu.get(slug, ())))


@view
def offers_of_provider(catalogue: Catalogue, slug: str) -> tuple[Offer, ...]:
    """All offers of a provider, by GPU."""
    return tuple(map(published, catalogue.offers_by_provider.get(slug, ())))


def published(offer: OfferRow) -> Offer:
    """An offer with the figures of the pages; what is not stated is None."""
    return Offer(*values(offer))


def values(offer: OfferRow) -> tuple[Any, ...]:
    """The values of its record, in order: for a table of all offers, where a record for each would take too long."""
    is_sized = offer.size_stated
    return (
        offer.gpu_slug,
        offer.provider_slug,
        offer.instance_type,
        offer.instance_name or None,
        offer.region or None,
        tuple(offer.available_regions),
        count_of(offer),
        _price(offer.price_per_hour) if is_sized else None,
        _price(offer.price_per_gpu_hour),
        _price(offer.price_per_gpu_hour_spot),
        _price(offer.price_per_gpu_hour_monthly),
        _price(offer.price_per_gpu_hour_reserved_1y),
        _price(offer.price_per_gpu_hour_reserved_3y),
        offer.currency,
        _original(offer),
        offer.price_basis,
        _ranked_as(offer) if offer.is_ranked else (),
        tuple(offer.disputed_as),
        _ends(offer) if offer.price_ends else {},
        offer.upstream,
        offer.availability_status if offer.availability_stated else None,
        iso_day(offer.last_confirmed_at),
        offer.freshness,
        offer.is_recorded,
        urls.outgoing(offer.origin_url if offer.is_recorded else offer.source_url),
    )


def _ranked_as(offer: OfferRow) -> tuple[str, ...]:
    prices = zip(PRICING, _PRICES(offer), strict=True)
    return tuple([name for name, amount in prices if amount is not None and offer.ranks_as(name)])


def _ends(offer: OfferRow) -> dict[str, str]:
    """Until when prices hold, by pricing type."""
    ends = ((kind, offer.price_ends.get(column)) for column, kind in PRICING_TYPES.items())
    return {kind: f"{datetime.fromisoformat(end).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for kind, end in ends if end}


def count_of(offer: OfferRow) -> int | float | None:
    """GPUs in the machine, below 1 for a share of one; None where its size is not stated."""
    if not offer.size_stated:
        return None
    return offer.gpu_count if offer.gpu_share == 1 else float(offer.gpu_count * offer.gpu_share)


def _price(amount: Decimal | None) -> str | None:
    return None if amount is None else plain_money(amount)


def _original(offer: OfferRow) -> str | None:
    """As the provider states it, where that is not in dollars."""
    amount = offer.original_price_per_hour
    return None if amount is None or offer.currency == "USD" else f"{amount.normalize():f}"
