"""What every source returns: a `Provider` says who, an `Offer` what is for rent at what price."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SourceClass = Literal["marketplace_api", "provider_api", "price_page", "stated"]
PriceUnit = Literal[
    "instance_hour", "instance_minute", "instance_second", "gpu_hour", "gpu_minute", "gpu_second"
]
PriceBasis = Literal["complete", "gpu_only", "bundle"]
Availability = Literal["available", "limited", "waitlist", "sold_out", "contact_sales", "deprecated"]

PRICE_FIELDS = ("price", "price_spot", "price_month", "price_1y", "price_3y")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who rents out, and what must be true of a complete answer.

    `source_class` sets how long a price counts as fresh.  A provider with `needs_key` is skipped
    until a key for its slug is configured.  `minimum_offers` and `must_have` (variant slugs) are its
    contract: an answer without them is refused as a whole.
    """

    slug: str
    name: str
    pricing_url: str
    source_class: SourceClass = "provider_api"
    needs_key: bool = False
    minimum_offers: int = 1
    must_have: tuple[str, ...] = ()


def _text(maximum: int, minimum: int = 0) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


Amount = Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 8, allow_inf_nan=False)]


class Offer(BaseModel):
    """One instance type in one region, as the provider states it: raw names, its own currency.

    The hourly prices (`price` is on demand, then spot, 1-year and 3-year commitment) are in `currency`
    per `price_unit`; `price_month` is for the whole instance and a month.  Each may be missing, but not
    all, unless the provider wants to be asked (`availability="contact_sales"`).  `region` is the
    provider's code, verbatim; "" means the same price in all `available_regions`.  `availability` None means that
    the answer does not say.  `gpu_share` below 1
    is a slice of one GPU.  `gpu_memory_gb` is per GPU, where the answer states it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance_type: Annotated[str, _text(100, 1)]
    gpu_name: Annotated[str, _text(100, 1)]
    gpu_count: Annotated[int, Field(ge=1, le=1024)] = 1
    gpu_share: Annotated[Decimal, Field(gt=0, le=1)] = Decimal(1)
    gpu_memory_gb: Annotated[Decimal, Field(gt=0, lt=10_000)] | None = None
    region: Annotated[str, _text(60)] = ""
    available_regions: tuple[Annotated[str, _text(60, 1)], ...] = ()

    price: Amount | None = None
    price_spot: Amount | None = None
    price_month: Amount | None = None
    price_1y: Amount | None = None
    price_3y: Amount | None = None
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
    price_unit: PriceUnit
    price_basis: PriceBasis = "complete"
    availability: Availability | None = None

    instance_name: Annotated[str, _text(150, 1)] | None = None
    instance_url: Annotated[str, _text(500, 1)] | None = None
    vcpu_count: Annotated[int, Field(ge=1, le=32_767)] | None = None
    ram_gb: Annotated[Decimal, Field(gt=0, le=32_767)] | None = None
    storage_gb: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    storage_type: Annotated[str, _text(30, 1)] | None = None
    network_bandwidth_gbps: Annotated[Decimal, Field(gt=0, lt=10_000)] | None = None
    has_nvlink: bool | None = None
    has_infiniband: bool | None = None
    infiniband_bandwidth_gbps: Annotated[int, Field(gt=0, le=100_000)] | None = None
    min_rental_hours: Annotated[int, Field(ge=0, le=32_767)] | None = None
    billing_increment_seconds: Annotated[int, Field(ge=1, le=2_678_400)] | None = None
    price_includes: Mapping[str, bool | int | float | str] = {}
    raw: Any = None

    @model_validator(mode="after")
    def _has_a_price(self) -> Self:
        if self.availability != "contact_sales" and not any(getattr(self, name) for name in PRICE_FIELDS):
            raise ValueError("an offer needs a price, or availability 'contact_sales'")
        return self

    @model_validator(mode="after")
    def _shares_are_of_one_gpu(self) -> Self:
        if self.gpu_share < 1 and self.gpu_count != 1:
            raise ValueError("a share of a GPU has gpu_count 1")
        return self
