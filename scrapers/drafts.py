"""Drafts to offers: each field is checked, a wrong one is named in plain words, and an odd price is set aside alone."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import ValidationError

from scrapers.offer import (
    PRICE_FIELDS,
    TOO_MUCH,
    Draft,
    Key,
    NoPrice,
    OddPrice,
    Offer,
    StatedPrice,
    Unreadable,
    is_ordinary,
    quoted,
    storable,
)

_FIELDS = tuple(field.name for field in fields(Draft))


def offer_of(draft: Draft) -> Offer:
    """The offer that the draft makes; odd prices beside a good one go to `odd_prices`.

    Raises Unreadable for any other field that can't be right, NoPrice where no price is stated.
    """
    odd = _odd_prices(draft)
    prices: dict[str, Any] = {name: None if name in odd else getattr(draft, name) for name in PRICE_FIELDS}
    if draft.availability != "contact_sales" and not any(prices.values()):
        raise _first(odd) or NoPrice("no price")
    stated: dict[str, Any] = {name: getattr(draft, name) for name in _FIELDS}
    try:
        return Offer(**stated | prices | _size(draft), odd_prices=odd)
    except ValidationError as error:
        raise _first(odd) or Unreadable(_in_words(error)) from error


def key_of(draft: Draft) -> Key | None:
    """The key that the offer would have had, cleaned like the fields of an offer; None without an instance type."""
    key = draft.instance_type, draft.region
    if not all(isinstance(part, str) for part in key) or not draft.instance_type.strip():
        return None
    return storable(draft.instance_type.strip()[:100]), storable(draft.region.strip()[:60])


def _odd_prices(draft: Draft) -> dict[str, str]:
    """Why each odd price can't be one, by its field."""
    return {name: why for name in PRICE_FIELDS if (why := _why_odd(name, getattr(draft, name)))}


def _why_odd(name: str, price: StatedPrice) -> str:
    if isinstance(price, OddPrice):
        return price.reason
    if price is None or (is_ordinary(price) and 0 < price < TOO_MUCH):
        return ""
    return f"{name} is {quoted(price)}, not an amount above 0 and below {TOO_MUCH:,}"


def _size(draft: Draft) -> dict[str, Any]:
    """The number of GPUs; 1 for a price per GPU where the answer does not state the machine's size."""
    if draft.gpu_count is None and str(draft.price_unit).startswith("gpu_"):
        return {"gpu_count": 1, "size_stated": False}
    return {"gpu_count": draft.gpu_count}


def _first(odd: Mapping[str, str]) -> Unreadable | None:
    return next(map(Unreadable, odd.values()), None)


def _in_words(error: ValidationError) -> str:
    """The first error, printable and of limited length: `vcpu_count is 0; Input should be greater than ...`."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(map(str, first["loc"]))
    if name and first["input"] is None:
        return f"no {name}"
    stated = f"{name} is {quoted(first['input'])}; " if name else ""
    return f"{stated}{first['msg'].removeprefix('Value error, '):.120}"
