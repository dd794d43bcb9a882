"""Rows that lists by place, feature or time are made of; money before tax, in US dollars if no currency is named."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class PlacedOfferRow(NamedTuple):
    """A provider's offers of a GPU in one of its regions whose place is known: how many, and one with its prices.

    That one is the cheapest that ranks on demand; where none does, `is_ranked` is False.  `site` is the region's name,
    "" for none; `country` is None where only the continent is known.
    """

    gpu_slug: str
    provider_slug: str
    region: str
    site: str
    country: str | None
    continent: str
    offers_n: int
    is_ranked: bool
    instance_type: str
    upstream: str | None
    gpu_count: int
    size_stated: bool
    currency: str
    original_price_per_hour: Decimal | None
    price_per_hour: Decimal | None
    price_per_gpu_hour: Decimal | None
    price_per_gpu_hour_spot: Decimal | None
    availability_status: str
    availability_stated: bool
    last_confirmed_at: datetime
    freshness: str
    is_recorded: bool
    instance_url: str | None
    source_url: str | None
    origin_url: str | None


class FeatureFloorRow(NamedTuple):
    """A provider's cheapest ranked price of a GPU with a `feature` of `generator.catalogue.views.gpu_sets`."""

    gpu_slug: str
    feature: str
    provider_slug: str
    floor: Decimal


class PriceEventRow(NamedTuple):
    """A change of an offer's price as we observed it, per GPU-hour in the currency charged; alike in all `regions`.

    `old_since`: when the old price was first seen, `changed_at` the new one; the addresses are those then read.
    """

    gpu_slug: str
    provider_slug: str
    instance_type: str
    regions: list[str]
    pricing_type: str
    gpu_count: int
    currency: str
    old_price: Decimal
    new_price: Decimal
    old_since: datetime
    changed_at: datetime
    old_source_url: str | None
    new_source_url: str | None


class WatchedSinceRow(NamedTuple):
    """The first UTC day on which prices were read live."""

    first_day: date
