"""Offers as programs get them."""

from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import view
from generator.formats import iso_day, plain_money
from generator.labels import PRICING
from generator.model.offer import Offer


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
    prices = {
        "on_demand": offer.price_per_gpu_hour,
        "spot": offer.price_per_gpu_hour_spot,
        "monthly": offer.price_per_gpu_hour_monthly,
        "reserved_1y": offer.price_per_gpu_hour_reserved_1y,
        "reserved_3y": offer.price_per_gpu_hour_reserved_3y,
    }
    return Offer(
        gpu=offer.gpu_slug,
        provider=offer.provider_slug,
        instance_type=offer.instance_type,
        instance_name=offer.instance_name or None,
        region=offer.region or None,
        regions=tuple(offer.available_regions),
        gpu_count=float(offer.gpu_count * offer.gpu_share) if offer.size_stated else None,
        price_per_hour=_price(offer.price_per_hour) if offer.size_stated else None,
        **{pricing_type: _price(amount) for pricing_type, amount in prices.items()},
        currency=offer.currency,
        original_price_per_hour=_original(offer),
        price_basis=offer.price_basis,
        ranked_as=tuple(name for name in PRICING if prices[name] is not None and offer.ranks_as(name)),
        upstream=offer.upstream,
        availability=offer.availability_status if offer.availability_stated else None,
        confirmed_on=iso_day(offer.last_confirmed_at),
        freshness=offer.freshness,
        is_recorded=offer.is_recorded,
        evidence=urls.outgoing(offer.origin_url if offer.is_recorded else offer.source_url),
    )


def _price(amount: Decimal | None) -> str | None:
    return None if amount is None else plain_money(amount)


def _original(offer: OfferRow) -> str | None:
    """As the provider states it, where that is not in dollars."""
    amount = offer.original_price_per_hour
    return None if amount is None or offer.currency == "USD" else f"{amount.normalize():f}"
