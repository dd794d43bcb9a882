"""GPU name -> variant slug (given the aliases), any price -> USD per instance-hour; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scrapers.names import Alias, GpuNames, Resolution, key
from scrapers.offer import Availability, PriceBasis

__all__ = ["Alias", "GpuNames", "NormalisedOffer", "Resolution", "key"]


@dataclass(frozen=True, slots=True)
class NormalisedOffer:
    """An offer as `cloudgpus.instances` keeps it.

    Prices are US dollars per instance-hour (`price_per_month`: per month) before tax; the `original_*`
    ones are the same in `currency`.  `exchange_rate` is US dollars per unit of `currency` on
    `exchange_rate_date`; 1 and None for dollars.  `offers_merged` counts the offers of equal key
    (instance type, region) in the answer, of which this is the cheapest.
    """

    gpu_slug: str
    instance_type: str
    region: str
    available_regions: tuple[str, ...]
    gpu_count: int
    gpu_share: Decimal
    price_per_hour: Decimal | None
    price_per_hour_spot: Decimal | None
    price_per_month: Decimal | None
    price_per_hour_reserved_1y: Decimal | None
    price_per_hour_reserved_3y: Decimal | None
    currency: str
    original_price_per_hour: Decimal | None
    original_price_per_hour_spot: Decimal | None
    original_price_per_month: Decimal | None
    original_price_per_hour_reserved_1y: Decimal | None
    original_price_per_hour_reserved_3y: Decimal | None
    exchange_rate: Decimal
    exchange_rate_date: date | None
    price_basis: PriceBasis
    availability_status: Availability
    availability_stated: bool
    instance_name: str | None
    instance_url: str | None
    vcpu_count: int | None
    ram_gb: Decimal | None
    storage_gb: int | None
    storage_type: str | None
    network_bandwidth_gbps: Decimal | None
    has_nvlink: bool | None
    has_infiniband: bool | None
    infiniband_bandwidth_gbps: int | None
    min_rental_hours: int | None
    billing_increment_seconds: int | None
    price_includes: Mapping[str, Any]
    raw_data: Any
    offers_merged: int = 1
