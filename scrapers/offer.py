"""What every source returns: a `Draft` is what one row states, unchecked; an `Offer` is a draft that was checked."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypedDict, get_args

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints, model_validator
from pydantic.dataclasses import dataclass as validated

SourceClass = Literal["marketplace_api", "provider_api", "price_page", "stated"]
PriceUnit = Literal["instance_hour", "instance_minute", "instance_second", "gpu_hour", "gpu_minute", "gpu_second"]
PriceBasis = Literal["complete", "gpu_only", "bundle"]
Availability = Literal["available", "limited", "waitlist", "sold_out", "contact_sales", "deprecated"]

Key = tuple[str, str]
"""What identifies an offer at its provider: instance type and region."""

PriceField = Literal["price", "price_spot", "price_month", "price_1y", "price_3y"]
PRICE_FIELDS: tuple[PriceField, ...] = get_args(PriceField)


@dataclass(frozen=True, slots=True)
class Provider:
    """Who rents out, and what must be true of a complete answer.

    `source_class` sets how long a price counts as fresh; a provider that is "stated" may not be fetched, and its
    recording holds the rates that it states, with their date.  A provider with `needs_key` is skipped until a key for
    its slug is configured.  `minimum_offers` and `must_have` (variant slugs) are its contract: an answer without them
    is refused as a whole.  `sxm_named`: the provider names SXM parts as such, so that a plain "A100 80GB" or "H200"
    stays under the chip; its module says where and when that was seen.  `patience_seconds` is how long the whole answer
    may take.
    """

    slug: str
    name: str
    pricing_url: str
    source_class: SourceClass = "provider_api"
    needs_key: bool = False
    minimum_offers: int = 1
    must_have: tuple[str, ...] = ()
    sxm_named: bool = False
    patience_seconds: float = 120


def storable(value: Any) -> Any:
    """A raw value with what PostgreSQL can't keep (NUL, lone surrogates) replaced."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {storable(str(name)): storable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value


def is_ordinary(number: Decimal) -> bool:
    """Whether a number can be written out and calculated with: finite, at most 60 digits, between 1E-30 and 1E+30.

    `1E+999999999` is short in an answer, and has a billion digits as soon as it is converted.
    """
    return number.is_finite() and abs(number.adjusted()) <= _MOST_PLACES and len(str(number)) <= _MOST_DIGITS


def _ordinary(number: Decimal) -> Decimal:
    if not is_ordinary(number):
        raise ValueError("not an ordinary number")
    return number


def _printable(text: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("text with a control character or half a surrogate pair")
    return text


def _text(maximum: int, minimum: int = 0) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


TOO_MUCH = Decimal(10) ** 8  # no price is so high in any currency
_MOST_PLACES, _MOST_DIGITS = 30, 60
_Number = Annotated[Decimal, AfterValidator(_ordinary)]
_PRINTABLE, _STORABLE = AfterValidator(_printable), AfterValidator(storable)
Amount = Annotated[_Number, Field(gt=0, lt=TOO_MUCH, allow_inf_nan=False)]


class Unreadable(ValueError):
    """A row lacks a field, or has something else in its place; the message says so in plain words."""


class NoPrice(Unreadable):
    """A row states no price at all."""


def quoted(value: Any) -> str:
    """A value as messages quote it: printable, limited in length, in the words of JSON."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float | Decimal):
        return f"{value!s:.80}"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return '"' + "".join(character if character.isprintable() else "\ufffd" for character in f"{value!s:.80}") + '"'


@dataclass(frozen=True, slots=True)
class OddPrice:
    """Takes the place of an amount: why the row's price could not be read."""

    reason: str


StatedPrice = Decimal | OddPrice | None
"""A price as a row states it; None where it states none."""


class Prices(TypedDict, total=False):
    """The prices that a row states, where the row itself says which they are: `Draft(**prices)`."""

    price: StatedPrice
    price_spot: StatedPrice
    price_month: StatedPrice
    price_1y: StatedPrice
    price_3y: StatedPrice


def only(field: PriceField, price: StatedPrice) -> Prices:
    """A single price, as the arguments of a `Draft`."""
    prices: Prices = {}
    prices[field] = price
    return prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine and the terms on which it is rented, from a provider's row to the page.

    `gpu_share` below 1 is a slice of one GPU.  All prices are in `currency`.  `upstream` is the cloud behind a
    reseller's offer: its slug where it is a provider here, else its name.  The bounds are checked in `Offer` and later.
    """

    gpu_share: Annotated[_Number, Field(gt=0, le=1)] = Decimal(1)
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
    price_basis: PriceBasis = "complete"
    upstream: Annotated[str, _text(60, 1), _PRINTABLE] | None = None
    instance_name: Annotated[str, _text(150, 1), _PRINTABLE] | None = None
    instance_url: Annotated[str, _text(500, 1), _PRINTABLE] | None = None
    vcpu_count: Annotated[int, Field(ge=1, le=32_767)] | None = None
    ram_gb: Annotated[_Number, Field(gt=0, le=32_767)] | None = None
    storage_gb: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    storage_type: Annotated[str, _text(30, 1), _PRINTABLE] | None = None
    network_bandwidth_gbps: Annotated[_Number, Field(gt=0, lt=10_000)] | None = None
    has_nvlink: bool | None = None
    has_infiniband: bool | None = None
    infiniband_bandwidth_gbps: Annotated[int, Field(gt=0, le=100_000)] | None = None
    min_rental_hours: Annotated[int, Field(ge=0, le=32_767)] | None = None
    billing_increment_seconds: Annotated[int, Field(ge=1, le=2_678_400)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance(Machine):
    """An instance type in a region.

    `region` is the provider's code, verbatim; "" means the same price in all `available_regions`.
    """

    instance_type: Annotated[str, _text(100, 1), _PRINTABLE]
    region: Annotated[str, _text(60), _PRINTABLE] = ""
    available_regions: tuple[Annotated[str, _text(60, 1), _PRINTABLE], ...] = ()
    price_includes: Annotated[Mapping[str, bool | int | float | str], _STORABLE] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Instance):
    """What one row states about one instance type in one region: raw names, the provider's own currency, unchecked.

    The hourly prices (`price` is on demand, then spot, 1-year and 3-year commitment) are in `currency` per
    `price_unit`; `price_month` is for the whole instance and a month.  Each may be missing or odd.  `availability` is
    None where the answer does not state it.  `gpu_memory_gb` is per GPU, where the answer states it.  A price per GPU
    without a `gpu_count` is that of machines whose size the answer does not state.  The row's prices hold from
    `valid_from` to `valid_to`, where the answer states that; a row for later is an announcement.
    """

    gpu_name: Annotated[str, _text(100, 1), _PRINTABLE]
    gpu_count: int | None = None
    gpu_memory_gb: Annotated[_Number, Field(gt=0, lt=10_000)] | None = None
    price: StatedPrice = None
    price_spot: StatedPrice = None
    price_month: StatedPrice = None
    price_1y: StatedPrice = None
    price_3y: StatedPrice = None
    price_unit: PriceUnit
    availability: Availability | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    raw: Annotated[Any, _STORABLE] = None


@validated(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Offer(Draft):
    """A draft whose fields were all checked, as `scrapers.drafts` makes it.

    It has a price, unless one has to ask for it (`availability="contact_sales"`).  `odd_prices` says, by field, why a
    price could not be read that stands beside others that could.  Without `size_stated` all prices are one GPU's.
    """

    gpu_count: Annotated[int, Field(ge=1, le=1024)] = 1
    price: Amount | None = None
    price_spot: Amount | None = None
    price_month: Amount | None = None
    price_1y: Amount | None = None
    price_3y: Amount | None = None
    size_stated: bool = True
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None
    odd_prices: Mapping[str, str] = field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_are_of_one_gpu(self) -> Self:
        if self.gpu_share < 1 and self.gpu_count != 1:
            raise ValueError("a share of a GPU has gpu_count 1")
        return self

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("a price that ends before it begins")
        return self

    @model_validator(mode="after")
    def _is_of_one_gpu_without_a_size(self) -> Self:
        if not self.size_stated and (self.gpu_count != 1 or not self.price_unit.startswith("gpu_")):
            raise ValueError("a machine whose size is not stated has gpu_count 1 and a price per GPU")
        return self
