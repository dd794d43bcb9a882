"""Rows as the queries return them, one class per shape; money in US dollars before tax, times in UTC."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class GpuRow(NamedTuple):
    """A GPU variant or chip.  Memory in GB, bandwidth in GB/s, dense TFLOPS with FP32 accumulate."""

    id: str
    slug: str
    name: str
    short_name: str
    manufacturer: str
    architecture: str
    kind: str
    chip: str | None
    vram_gb: int | None
    memory_type: str | None
    memory_bandwidth_gbps: int | None
    tdp_watts: int | None
    fp64_tflops: Decimal | None
    fp32_tflops: Decimal | None
    fp16_tflops: Decimal | None
    fp8_tflops: Decimal | None
    int8_tops: Decimal | None
    fp16_sparse_tflops: Decimal | None
    fp8_sparse_tflops: Decimal | None
    form_factor: str | None
    interconnect: str | None
    is_datacenter: bool
    is_consumer: bool
    generation_year: int | None
    description: str | None
    use_cases: list[str]
    spec_source: str | None
    notes: str | None


class ProviderRow(NamedTuple):
    """A provider and what is known of it; `origin` and `origin_url` say where a recorded answer is from, "" if live.

    `last_confirmed_at` is the start of the day on which its prices were last confirmed, so that seeing them again on
    the same day changes no page.
    """

    id: str
    slug: str
    name: str
    display_name: str
    provider_type: str
    headquarters_country: str | None
    founded_year: int | None
    website_url: str
    pricing_url: str | None
    docs_url: str | None
    affiliate_url: str | None
    has_public_api: bool
    supports_spot_instances: bool | None
    supports_reserved_instances: bool | None
    supports_bare_metal: bool | None
    min_billing_increment_seconds: int | None
    description: str | None
    pros: list[str]
    cons: list[str]
    best_for: list[str]
    source_class: str
    last_confirmed_at: datetime | None
    is_recorded: bool
    evidence_url: str | None
    origin: str
    origin_url: str


class ProviderFiguresRow(NamedTuple):
    """What a provider shows: how many offers, GPUs (fresh ones) and regions, and what it has."""

    provider_slug: str
    offers_n: int
    gpus_n: int
    fresh_gpus_n: int
    regions_n: int
    has_spot: bool
    has_reserved: bool
    has_infiniband: bool


class ListedGpuRow(NamedTuple):
    """A GPU as lists and neighbourhoods need it; `floor` and `median` are on demand, per GPU-hour.

    `is_known`: it is offered, or was; a variant that is has a page.  `has_index_days`: on 30 days or more, three
    providers' prices were observed, or read by one licensed source.
    """

    slug: str
    short_name: str
    kind: str
    chip: str | None
    manufacturer: str
    is_datacenter: bool
    is_consumer: bool
    vram_gb: int | None
    fp16_tflops: Decimal | None
    offers_n: int
    providers_n: int
    spot_providers_n: int
    floor: Decimal | None
    median: Decimal | None
    is_known: bool
    has_index_days: bool


class ListedProviderRow(NamedTuple):
    """A provider as lists need it."""

    slug: str
    gpus_n: int
    offers_n: int


class SellersRow(NamedTuple):
    """The providers with a ranked on-demand price of a GPU, and how each sells it."""

    gpu_slug: str
    provider_slugs: list[str]
    gpu_counts: list[str]
    places_n: list[int]


class Sold(NamedTuple):
    """For how many GPUs a provider has a price, "1 8", and in how many configurations and regions it rents them out."""

    gpu_counts: str
    places_n: int


class ShownOffersRow(NamedTuple):
    """How many offers of a GPU are shown."""

    gpu_slug: str
    offers_n: int


class TermRow(NamedTuple):
    """What a provider states beside its prices: `value` with `unit`, or `word`; `usd` where it is an amount of money.

    `field` and `word` are of `generator.database.seed_rows`; `qualifier`: "" if usual; `is_current`: recently checked.
    A billing step from the provider's own row has no source and no day.
    """

    provider_slug: str
    field: str
    qualifier: str
    value: Decimal | None
    word: str | None
    unit: str | None
    currency: str | None
    usd: Decimal | None
    note: str
    source_url: str
    checked_on: date | None
    is_current: bool


class OfferRow(NamedTuple):
    """An offer that may be shown; `price_per_hour...` and `price_per_month` are for the whole instance.

    `gpu_share` below 1 is a slice of one GPU.  Where `size_stated` is False, the price is per GPU and the machine's
    size is not known.  `upstream` is the cloud behind a reseller's offer, `outvoted_as` the pricing types in which that
    cloud ranks itself, `disputed_as` those in which its price is disputed.  `price_ends`: when a price ends, by column.
    `has_nvlink` is None where the offer does not say, `places` are the continents and countries (ISO codes) of
    its regions.  `scrape_job_id` is the job that last changed it, `origin_url` the collection of a recorded price.
    """

    id: str
    provider_slug: str
    gpu_slug: str
    instance_type: str
    region: str
    gpu_count: int
    gpu_share: Decimal
    size_stated: bool
    currency: str
    price_basis: str
    upstream: str | None
    instance_name: str | None
    instance_url: str | None
    availability_status: str
    availability_stated: bool
    available_regions: list[str]
    price_per_hour: Decimal | None
    price_per_hour_spot: Decimal | None
    price_per_month: Decimal | None
    price_per_hour_reserved_1y: Decimal | None
    price_per_hour_reserved_3y: Decimal | None
    price_per_gpu_hour: Decimal | None
    price_per_gpu_hour_spot: Decimal | None
    price_per_gpu_hour_monthly: Decimal | None
    price_per_gpu_hour_reserved_1y: Decimal | None
    price_per_gpu_hour_reserved_3y: Decimal | None
    original_price_per_hour: Decimal | None
    original_price_per_hour_spot: Decimal | None
    source_url: str | None
    scrape_job_id: str | None
    origin_url: str | None
    last_confirmed_at: datetime
    freshness: str
    is_recorded: bool
    is_ranked: bool
    has_infiniband: bool
    has_nvlink: bool | None
    vcpu_count: int | None
    ram_gb: Decimal | None
    places: list[str]
    outvoted_as: list[str]
    disputed_as: list[str]
    price_ends: dict[str, str]

    def ranks_as(self, pricing_type: str) -> bool:
        """Whether its price of this type counts in floors, medians and rankings."""
        return self.is_ranked and pricing_type not in self.outvoted_as and pricing_type not in self.disputed_as


class StatsRow(NamedTuple):
    """Market figures of a GPU and pricing type, one vote per provider; per GPU-hour.  `segment`: "" for all."""

    gpu_slug: str
    pricing_type: str
    segment: str
    providers_n: int
    offers_n: int
    floor: Decimal
    p25: Decimal
    median: Decimal
    p75: Decimal
    ceiling: Decimal
    cheapest_provider: str


class FloorRow(NamedTuple):
    """A provider's cheapest ranked offer of a GPU, per GPU-hour, and its cheapest at each number of GPUs.

    `gpu_counts` are ascending; 0 is for machines whose size is not stated.
    """

    gpu_slug: str
    provider_slug: str
    pricing_type: str
    floor: Decimal
    gpu_counts: list[int]
    count_floors: list[Decimal]

    @property
    def by_count(self) -> dict[int, Decimal]:
        """The cheapest at each number of GPUs."""
        return dict(zip(self.gpu_counts, self.count_floors, strict=True))


class TrendRow(NamedTuple):
    """One day of a GPU's on-demand market, per GPU-hour."""

    gpu_slug: str
    day: date
    floor: Decimal
    median: Decimal
    providers_n: int


class ConfirmedRow(NamedTuple):
    """When a ranked price of a GPU was last confirmed."""

    gpu_slug: str
    last_confirmed_at: datetime


class EarlierFloorRow(NamedTuple):
    """A GPU's on-demand floor of an earlier day, per GPU-hour."""

    gpu_slug: str
    floor: Decimal


class ReferenceRow(NamedTuple):
    """One day of a GPU on demand as a licensed source read it: `providers` by slug, `floors` in the same order."""

    gpu_slug: str
    source_slug: str
    day: date
    providers: list[str]
    floors: list[Decimal]


class SellerDayRow(NamedTuple):
    """One day of a GPU's pricing type by our own observation: `providers` by slug, `floors` in the same order."""

    gpu_slug: str
    pricing_type: str
    day: date
    providers: list[str]
    floors: list[Decimal]


class IncompleteReadingRow(NamedTuple):
    """A provider of whose GPU a licensed source read only prices that are not of a whole machine."""

    gpu_slug: str
    source_slug: str
    provider_slug: str
    price_basis: str


class ReferenceSourceRow(NamedTuple):
    """A licensed source of earlier readings."""

    slug: str
    name: str
    url: str
    licence: str
    attribution: str


class ReadingsLeftOutRow(NamedTuple):
    """How many of a licensed source's readings a rule leaves out of all figures."""

    source_slug: str
    rule: str
    readings_n: int


class MoveRow(NamedTuple):
    """A change of a provider's on-demand price of a GPU, per GPU-hour."""

    gpu_slug: str
    provider_slug: str
    old_price: Decimal
    new_price: Decimal
    changed_at: datetime
    source_slug: str


class SoldWithoutPriceRow(NamedTuple):
    """A machine that a provider sells but whose price is not known; `url` is the provider's page about it."""

    provider_slug: str
    gpu_slug: str
    machine_type: str
    url: str


class HeldBackRow(NamedTuple):
    """Offers of a provider that are not shown, counted by GPU and rule.

    `rule` is one of `scrapers.contract` and `scrapers.normalise`, or "unknown_name" for offers under `names_n` GPU
    names that match no known GPU.
    """

    provider_slug: str
    gpu_slug: str | None
    rule: str
    offers_n: int
    names_n: int


class DisagreementRow(NamedTuple):
    """A price of ours and someone else's reading that contradicts it, per GPU-hour.

    `region` and `gpu_count` are the reading's; `verdict` (`generator.ingest.disagreements.Verdict`) is None where
    there is none.
    """

    provider_slug: str
    gpu_slug: str
    pricing_type: str
    region: str
    gpu_count: int | None
    instance_type: str
    price_per_gpu_hour: Decimal
    observed_at: datetime
    reading_source: str
    reading_url: str
    reading_licence: str
    reading_price_per_gpu_hour: Decimal
    reading_observed_at: datetime
    verdict: str | None
    reason: str | None


class AvailabilityRow(NamedTuple):
    """The share (0 to 1) of the hours observed in which a provider had a GPU; its answers said so, either way.

    `daily` has a letter a day, the oldest first: "i" where it had it at some time, "o" at none, "-" not observed.
    """

    gpu_slug: str
    provider_slug: str
    watched_hours: Decimal
    available_share: Decimal
    daily: str
