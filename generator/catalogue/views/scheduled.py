"""Prices that providers announce for a later day: shown as such, and in no figure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import ScheduledPriceRow
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.formats import day, money
from generator.model.blocks import Link
from generator.model.scheduled import ScheduledPrice
from scrapers.price_per_gpu_hour import PRICING_TYPES


@view
def scheduled_of_gpu(catalogue: Catalogue, slug: str) -> tuple[ScheduledPrice, ...]:
    """The prices of a GPU that are announced for later, the earliest first."""
    rows = catalogue.scheduled_by_gpu.get(slug, [])
    return _scheduled(rows, lambda row: provider_link(catalogue, row.provider_slug))


@view
def scheduled_of_provider(catalogue: Catalogue, slug: str) -> tuple[ScheduledPrice, ...]:
    """The prices that a provider announces for later, the earliest first."""
    rows = catalogue.scheduled_by_provider.get(slug, [])
    return _scheduled(rows, lambda row: gpu_link(catalogue, row.gpu_slug))


@view
def scheduled_of_pair(catalogue: Catalogue, provider: str, gpu: str) -> tuple[ScheduledPrice, ...]:
    """The prices of a GPU that one provider announces for later, the earliest first."""
    rows = catalogue.scheduled_by_provider.get(provider, [])
    return _scheduled((row for row in rows if row.gpu_slug == gpu), lambda row: gpu_link(catalogue, row.gpu_slug))


def until(
    price_ends: Mapping[str, str], pricing_types: Iterable[str], then: Callable[[str], str] = lambda _: ""
) -> str:
    """Until when a price of these types holds, as its provider states: "until 30 Nov 2026"; "" where it has no end.

    `then` says what comes after the price of a column.
    """
    columns = (column for column, pricing_type in PRICING_TYPES.items() if pricing_type in pricing_types)
    ends = [(datetime.fromisoformat(price_ends[column]), column) for column in columns if column in price_ends]
    if not ends:
        return ""
    end, column = min(ends)
    return f"until {day(end)}{then(column)}"


def offer_until(catalogue: Catalogue, offer: OfferRow, pricing_types: Iterable[str]) -> str:
    """The same of an offer, with the announced price that follows at once, where there is one."""

    def then(column: str) -> str:
        end = datetime.fromisoformat(offer.price_ends[column])
        same = (offer.instance_type, offer.region, PRICING_TYPES[column], end)
        for row in catalogue.scheduled_by_provider.get(offer.provider_slug, []):
            if (row.instance_type, row.region, row.pricing_type, row.starts_at) == same and not row.withdrawn_at:
                return f", then {money(row.price_per_gpu_hour)}"
        return ""

    return until(offer.price_ends, pricing_types, then)


def _scheduled(
    rows: Iterable[ScheduledPriceRow], of: Callable[[ScheduledPriceRow], Link | None]
) -> tuple[ScheduledPrice, ...]:
    return tuple(
        ScheduledPrice(
            subject=subject,
            instance_type=row.instance_type,
            region=row.region,
            gpu_count=row.gpu_count,
            pricing_type=row.pricing_type,
            price_per_gpu_hour=row.price_per_gpu_hour,
            starts_on=row.starts_at.date(),
            ends_on=row.ends_at.date() if row.ends_at else None,
            announced_on=row.first_seen_at.date(),
            withdrawn_on=row.withdrawn_at.date() if row.withdrawn_at else None,
            source_url=urls.outgoing(row.source_url),
        )
        for row in rows
        if (subject := of(row))
    )
