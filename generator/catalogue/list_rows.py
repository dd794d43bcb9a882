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
    price_ends: dict[str, str]
    instance_url: str | None
    source_url: str | None
    scrape_job_id: str | None
    origin_url: str | None


class AnswerRow(NamedTuple):
    """The largest answer of a job that last changed an offer shown now; `answers_n` is how many the job had."""

    provider_slug: str
    scrape_job_id: str
    sha256: str
    body_bytes: int
    method: str
    url: str
    status: int
    content_type: str | None
    fetched_at: datetime
    is_recorded: bool
    origin: str | None
    origin_url: str | None
    answers_n: int


class FeatureFloorRow(NamedTuple):
    """A provider's cheapest ranked price of a GPU with a `feature` of `generator.catalogue.views.gpu_sets`."""

    gpu_slug: str
    feature: str
    provider_slug: str
    floor: Decimal


class PriceEventRow(NamedTuple):
    """A change of an offer's price as we observed it, per GPU-hour in the currency charged; alike in all `regions`.

    `old_since`: when the old price was first seen, `changed_at` the new one; the addresses are those then read.
    `retracted_on`: when a correction showed that there was no such change.
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
    retracted_on: date | None = None


class PriceStepRow(NamedTuple):
    """A price of an offer with the time in which it was in force: US dollars per GPU-hour, and as charged.

    `pair` is "runpod/h100-sxm".  The amounts as charged are None for US dollars, `availability` where none is stated,
    `valid_to` while the price is in force.  Where `is_active` is False, an answer no longer had the offer.
    """

    pair: str
    offer_id: str
    instance_type: str
    region: str
    size_stated: bool
    price_basis: str
    gpu_count: int
    gpu_share: Decimal
    availability: str | None
    on_demand: Decimal | None
    spot: Decimal | None
    monthly: Decimal | None
    reserved_1y: Decimal | None
    reserved_3y: Decimal | None
    currency: str
    charged_on_demand: Decimal | None
    charged_spot: Decimal | None
    charged_monthly: Decimal | None
    charged_reserved_1y: Decimal | None
    charged_reserved_3y: Decimal | None
    valid_from: datetime
    valid_to: datetime | None
    last_confirmed_at: datetime
    is_active: bool
    is_recorded: bool
    evidence_url: str | None


class PriceSpanRow(NamedTuple):
    """That a provider has stored prices of a GPU, since when, and whether one of them changed."""

    provider_slug: str
    gpu_slug: str
    first_on: date
    has_changed: bool


class CrowdedPairRow(NamedTuple):
    """A provider and a GPU of which it has more offers than a table takes."""

    provider_slug: str
    gpu_slug: str


class ScheduledPriceRow(NamedTuple):
    """A price that a provider announces for `starts_at`, per GPU-hour; `original_price` as charged, for the instance.

    `first_seen_at`: when it was first read; `withdrawn_at`: when the provider no longer announced it.
    """

    gpu_slug: str
    provider_slug: str
    instance_type: str
    region: str
    gpu_count: int
    pricing_type: str
    price_per_gpu_hour: Decimal
    currency: str
    original_price: Decimal
    starts_at: datetime
    ends_at: datetime | None
    source_url: str | None
    first_seen_at: datetime
    withdrawn_at: datetime | None


class WatchedSinceRow(NamedTuple):
    """The first UTC day on which prices were read live."""

    first_day: date


class GpuNameRow(NamedTuple):
    """A spelling of a GPU's name, normalised; `memory_gb`: it means this GPU only with that memory, None: with any."""

    alias: str
    memory_gb: Decimal | None
    gpu_slug: str


class SourceStatusRow(NamedTuple):
    """How the last reading of a provider's source went, by `slug`; None for a day on which nothing was."""

    slug: str
    tried_on: date | None
    is_good: bool
    error_code: str
    offers_n: int
    is_recorded: bool
    good_on: date | None
