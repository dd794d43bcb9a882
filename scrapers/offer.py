"""What every source returns: a `Provider` says who, an `Offer` what is for rent at what price."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

SourceClass = Literal["marketplace_api", "provider_api", "price_page", "stated"]
PriceUnit = Literal["instance_hour", "instance_minute", "instance_second", "gpu_hour", "gpu_minute", "gpu_second"]
PriceBasis = Literal["complete", "gpu_only", "bundle"]
Availability = Literal["available", "limited", "waitlist", "sold_out", "contact_sales", "deprecated"]

Key = tuple[str, str]
"""What an offer is at its provider: instance type and region."""

PRICE_FIELDS = ("price", "price_spot", "price_month", "price_1y", "price_3y")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who rents out, and what must be true of a complete answer.

    `source_class` sets how long a price counts as fresh; of a provider that is "stated" nothing may be fetched, and its
    recording holds the rates that it states, with their date.  A provider with `needs_key` is skipped until a key for
    its slug is configured.  `minimum_offers` and `must_have` (variant slugs) are its
    contract: an answer without them is refused as a whole.  `sxm_named` says that SXM has a name of its own there, so
    that a plain "A100 80GB" or "H200" stays under the chip; the module says where and when that was seen.
    `patience_seconds` is how long the whole answer may take.
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
    """Whether a number can be written out and reckoned with: finite, of 60 digits and 30 places either way at most.

    `1E+999999999` is short where it stands in an answer, and a billion digits wherever it is more than copied.
    """
    return number.is_finite() and abs(number.adjusted()) <= _MOST_PLACES and len(str(number)) <= _MOST_DIGITS


def _ordinary(number: Decimal) -> Decimal:
    if not is_ordinary(number):
        raise ValueError("no ordinary number")
    return number


def _text(maximum: int, minimum: int = 0) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


_TOO_MUCH = Decimal(10) ** 8
_MOST_PLACES, _MOST_DIGITS = 30, 60
_Number = Annotated[Decimal, AfterValidator(_ordinary)]
Amount = Annotated[_Number, Field(gt=0, lt=_TOO_MUCH, allow_inf_nan=False)]


class Unreadable(ValueError):
    """A row without a field, or with something else in its place; says so in plain words.

    `key` is the instance type and region that it was to have, None where it does not come to that.
    """

    def __init__(self, reason: str, key: Key | None = None) -> None:
        super().__init__(reason)
        self.key = key


class NoPrice(Unreadable):
    """A row that says of none of its prices what it is: to be asked for, or none."""


def spoken(value: Any) -> str:
    """A value of an answer in a message: bounded, printable, in the words of JSON."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float | Decimal):
        return f"{value!s:.80}"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return '"' + "".join(character if character.isprintable() else "\ufffd" for character in f"{value!s:.80}") + '"'


class Offer(BaseModel):
    """One instance type in one region, as the provider states it: raw names, its own currency.

    The hourly prices (`price` is on demand, then spot, 1-year and 3-year commitment) are in `currency`
    per `price_unit`; `price_month` is for the whole instance and a month.  Each may be missing, but not
    all, unless the provider wants to be asked (`availability="contact_sales"`).  `region` is the
    provider's code, verbatim; "" means the same price in all `available_regions`.  `availability` None means that
    the answer does not say.  `gpu_share` below 1 is a slice of one GPU.  `gpu_memory_gb` is per GPU, where the answer
    states it.  A price per GPU without a `gpu_count` is of machines whose size the answer does not tell: `size_stated`
    is False, all prices are one GPU's.  `upstream` is the cloud behind a reseller's offer: its slug where it is a
    provider here, else its name.

    A price may be given as the Unreadable that stands in its place: beside a good price it goes to `odd_prices` (field:
    why) alone, as does one that is not above zero and below 100 million.
    Raises Unreadable for fields that can't be right, NoPrice without a price that could be one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance_type: Annotated[str, _text(100, 1)]
    gpu_name: Annotated[str, _text(100, 1)]
    gpu_count: Annotated[int, Field(ge=1, le=1024)] = 1
    gpu_share: Annotated[_Number, Field(gt=0, le=1)] = Decimal(1)
    gpu_memory_gb: Annotated[_Number, Field(gt=0, lt=10_000)] | None = None
    region: Annotated[str, _text(60)] = ""
    available_regions: tuple[Annotated[str, _text(60, 1)], ...] = ()

    price: Amount | None = None
    price_spot: Amount | None = None
    price_month: Amount | None = None
    price_1y: Amount | None = None
    price_3y: Amount | None = None
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
    price_unit: PriceUnit
    size_stated: bool = True
    upstream: Annotated[str, _text(60, 1)] | None = None
    price_basis: PriceBasis = "complete"
    availability: Availability | None = None

    instance_name: Annotated[str, _text(150, 1)] | None = None
    instance_url: Annotated[str, _text(500, 1)] | None = None
    vcpu_count: Annotated[int, Field(ge=1, le=32_767)] | None = None
    ram_gb: Annotated[_Number, Field(gt=0, le=32_767)] | None = None
    storage_gb: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    storage_type: Annotated[str, _text(30, 1)] | None = None
    network_bandwidth_gbps: Annotated[_Number, Field(gt=0, lt=10_000)] | None = None
    has_nvlink: bool | None = None
    has_infiniband: bool | None = None
    infiniband_bandwidth_gbps: Annotated[int, Field(gt=0, le=100_000)] | None = None
    min_rental_hours: Annotated[int, Field(ge=0, le=32_767)] | None = None
    billing_increment_seconds: Annotated[int, Field(ge=1, le=2_678_400)] | None = None
    price_includes: Mapping[str, bool | int | float | str] = {}
    odd_prices: Mapping[str, str] = {}
    raw: Any = None

    if not TYPE_CHECKING:  # type checkers see the fields

        def __init__(self, **fields: Any) -> None:
            if fields.get("gpu_count") is None and str(fields.get("price_unit")).startswith("gpu_"):
                fields |= {"gpu_count": 1, "size_stated": False}
            odd = _odd_prices(fields)
            if odd:
                fields |= dict.fromkeys(odd) | {"odd_prices": odd}
            if fields.get("availability") != "contact_sales" and not any(map(fields.get, PRICE_FIELDS)):
                reason = next(iter(odd.values()), None)
                raise Unreadable(reason, _key(fields)) if reason else NoPrice("no price", _key(fields))
            try:
                super().__init__(**fields)
            except ValidationError as error:
                reason = next(iter(odd.values()), None) or _explain(error)
                raise Unreadable(reason, _key(fields)) from error

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
    def _shares_are_of_one_gpu(self) -> Self:
        if self.gpu_share < 1 and self.gpu_count != 1:
            raise ValueError("a share of a GPU has gpu_count 1")
        return self

    @model_validator(mode="after")
    def _is_of_one_gpu_without_a_size(self) -> Self:
        if not self.size_stated and (self.gpu_count != 1 or not self.price_unit.startswith("gpu_")):
            raise ValueError("a machine whose size is not stated has gpu_count 1 and a price per GPU")
        return self


def _odd_prices(fields: Mapping[str, Any]) -> dict[str, str]:
    """Why each price that can't be one is none, by its field."""
    stated = {name: fields[name] for name in PRICE_FIELDS if fields.get(name) is not None}
    return {name: reason for name, value in stated.items() if (reason := _why_odd(name, value))}


def _why_odd(name: str, value: Any) -> str:
    if isinstance(value, Unreadable):
        return str(value)
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        amount = Decimal("NaN")
    if is_ordinary(amount) and 0 < amount < _TOO_MUCH:
        return ""
    return f"{name} is {spoken(value)}, not an amount above 0 and below {_TOO_MUCH:,}"


def _explain(error: ValidationError) -> str:
    """`price is -1; Input should be greater than 0`, bounded in length and printable."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(map(str, first["loc"]))
    if name and first["input"] is None:
        return f"no {name}"
    stated = f"{name} is {spoken(first['input'])}; " if name else ""
    return f"{stated}{first['msg'].removeprefix('Value error, '):.120}"


def _key(fields: Mapping[str, Any]) -> Key | None:
    """The key of an offer that could not be made, cleaned as an offer's own fields are; None without a name."""
    instance_type, region = fields.get("instance_type"), fields.get("region", "")
    if not isinstance(instance_type, str) or not isinstance(region, str) or not instance_type.strip():
        return None
    return storable(instance_type.strip()[:100]), storable(region.strip()[:60])
