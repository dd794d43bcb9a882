"""What every source returns: a `Provider` says who, an `Offer` what is for rent at what price."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

SourceClass = Literal["marketplace_api", "provider_api", "price_page", "stated"]
PriceUnit = Literal["instance_hour", "instance_minute", "instance_second", "gpu_hour", "gpu_minute", "gpu_second"]
PriceBasis = Literal["complete", "gpu_only", "bundle"]
Availability = Literal["available", "limited", "waitlist", "sold_out", "contact_sales", "deprecated"]

PRICE_FIELDS = ("price", "price_spot", "price_month", "price_1y", "price_3y")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who rents out, and what must be true of a complete answer.

    `source_class` sets how long a price counts as fresh; of a provider that is "stated" nothing may be fetched, and its
    recording holds the rates that it states, with their date.  A provider with `needs_key` is skipped until a key for
    its slug is configured.  `minimum_offers` and `must_have` (variant slugs) are its
    contract: an answer without them is refused as a whole.
    """

    slug: str
    name: str
    pricing_url: str
    source_class: SourceClass = "provider_api"
    needs_key: bool = False
    minimum_offers: int = 1
    must_have: tuple[str, ...] = ()


def storable(value: Any) -> Any:
    """A raw value with what PostgreSQL can't keep (NUL, lone surrogates) replaced."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {storable(str(name)): storable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value


def _text(maximum: int, minimum: int = 0) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


Amount = Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 8, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Rejected:
    """An offer against the rules of `Offer`: why, in one line, and the fields it was to have."""

    reason: str
    raw: Any
    remains: object = field(default=None, repr=False, compare=False)


_COLLECTED: ContextVar[list[Rejected] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[Rejected]]:
    """Inside, an `Offer` of wrong fields raises nothing and is listed here, so that a generator goes on.

    What the generator yields for it is its `remains`, which `sound` sorts out.
    """
    collected: list[Rejected] = []
    token = _COLLECTED.set(collected)
    try:
        yield collected
    finally:
        _COLLECTED.reset(token)


def sound(offers: Iterable["Offer"], rejected: Iterable[Rejected]) -> list["Offer"]:
    """The offers without the remains of rejected ones."""
    remains = {id(one.remains) for one in rejected}
    return [offer for offer in offers if id(offer) not in remains]


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

    if not TYPE_CHECKING:  # type checkers see the fields

        def __init__(self, **fields: Any) -> None:
            try:
                super().__init__(**fields)
            except ValidationError as error:
                collected = _COLLECTED.get()
                if collected is None:
                    raise
                collected.append(Rejected(_explain(error, fields), fields, self))

    @field_validator(
        "instance_type", "gpu_name", "region", "available_regions", "instance_name", "instance_url", "storage_type"
    )
    @classmethod
    def _is_printable(cls, value: Any) -> Any:
        text = value if isinstance(value, str) else "".join(value or ())
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            raise ValueError("text with a control character or half a surrogate pair")
        return value

    @field_validator("raw", "price_includes")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        return storable(value)

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


def _explain(error: ValidationError, fields: Mapping[str, Any]) -> str:
    """`'p5.48xlarge': price is -1; Input should be greater than 0`, bounded in length and printable."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(map(str, first["loc"]))
    stated = f"{name} is {first['input']!r:.80}; " if name else ""
    return f"{fields.get('instance_type')!r:.60}: {stated}{first['msg'].removeprefix('Value error, '):.120}"
