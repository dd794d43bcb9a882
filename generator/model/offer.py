"""An offer as programs get it: the same record in JSON, CSV and SQLite, with the figures of the pages."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

Price = Annotated[
    str | None,
    Field(
        pattern=r"^\d+(\.\d+)?$",
        description="US dollars before tax, as a decimal number; null where not sold or not known.",
    ),
]
Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", description="An instant, in UTC.")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", description="A UTC day.")]
LICENCE = (
    "Prices are facts; those of a collection are under its licence, as its address, the offer's evidence, says. If you "
    "reuse figures, give the day, the pricing type and this site's address."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An instance type at one provider in one region.

    `gpu` and `provider` are slugs; `instance_type` and `region` are the provider's own names, null for an unstated
    region, and `regions` those that share one price.  `gpu_count` is null where the price is per GPU and the machine's
    size is not stated, below 1 for a share of a GPU.  `price_per_hour` is of the whole instance, `on_demand` to
    `reserved_3y` are per GPU and hour; `original_price_per_hour` is the instance's in another `currency`, as stated.
    `ranked_as` are the pricing types in which the offer counts in lowest prices and medians, `disputed_as` those whose
    price was not found again at its source, and `ends` says until when those hold that have an end.  `upstream` is the
    cloud on which a reseller's offer runs.  `is_recorded` marks a price read from a recorded list, at `evidence`.
    """

    gpu: str
    provider: str
    instance_type: str
    instance_name: str | None
    region: str | None
    regions: tuple[str, ...]
    gpu_count: Annotated[int | float | None, Field(gt=0)]
    price_per_hour: Price
    on_demand: Price
    spot: Price
    monthly: Price
    reserved_1y: Price
    reserved_3y: Price
    currency: str
    original_price_per_hour: Price
    price_basis: str
    ranked_as: tuple[str, ...]
    disputed_as: tuple[str, ...]
    ends: dict[str, Instant]
    upstream: str | None
    availability: str | None
    confirmed_on: Day
    freshness: str
    is_recorded: bool
    evidence: str | None
