"""A price history as JSON, with the JSON Schema that says what it holds and how to read a price of any instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Annotated, Literal

import orjson
from pydantic import Field

from generator import urls
from generator.formats import plain_money
from generator.model import histories
from generator.model.offer import LICENCE, Price
from generator.model.page import Page
from generator.site.page_json import schema_of

Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]


@dataclass(frozen=True, slots=True)
class Prices:
    """Per GPU and hour, before tax; a month counts 730 hours; null where the offer was not sold that way."""

    on_demand: Price
    spot: Price
    monthly: Price
    reserved_1y: Price
    reserved_3y: Price


@dataclass(frozen=True, slots=True)
class Charged:
    """Prices in the currency in which the provider states them."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    prices: Prices


@dataclass(frozen=True, slots=True)
class Step:
    """Prices that were first seen at `valid_from`, and last at `last_confirmed_at`.

    `valid_to` is when something else was seen, a price ended as stated, or the last confirmation where nobody looked in
    time; null while the prices are in force, and then `last_confirmed_at` is the start of the UTC day on which they
    were last seen.
    `gpu_count` is below 1 for a share of a GPU, null where the machine's size is not stated.  `usd` are US dollars at
    the exchange rate of `valid_from`, `charged` is null where the provider states US dollars.  `availability` is null
    where the provider states none.  `is_recorded` marks prices read from a recorded list.  `evidence` is the address
    that was read, null where it is no longer known.
    """

    valid_from: Instant
    valid_to: Instant | None
    last_confirmed_at: Instant
    gpu_count: Annotated[float | None, Field(gt=0)]
    availability: str | None
    usd: Prices
    charged: Charged | None
    is_recorded: bool
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without a price, after `since` and before `until` (null: still).

    The offer was not in an answer that lists all offers (`not_offered`), or was not seen for longer than its source
    allows (`not_seen`).
    """

    since: Instant
    until: Instant | None
    reason: Literal["not_offered", "not_seen"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One instance type in one region, both as the provider names them; `region` is null where none is stated."""

    instance_type: str
    region: str | None
    price_basis: Annotated[
        str,
        Field(description="complete: a whole machine; gpu_only: CPU, memory or disk cost extra; bundle: includes more"),
    ]
    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What each of a provider's offers of a GPU cost, and when; `schema` is the address of this description, from here.

    To read an offer's price at an instant T, take the last of its steps that covers T: one with valid_from <= T, and
    with T <= last_confirmed_at or T < valid_to.  Its price of the pricing type is the answer.  Where no step covers T,
    there is no price: it is not known, or the offer was not on sale, as `gaps` say.  The file says nothing of instants
    after `as_of`, nor of an offer whose last step has no `valid_to` after that step's `last_confirmed_at`.
    """

    schema: str
    licence: str
    methodology: str
    as_of: Instant
    provider: str
    gpu: str
    offers: tuple[Offer, ...]


@cache
def schemas() -> Mapping[str, bytes]:
    """The JSON Schema: path in the output folder -> bytes."""
    return {urls.output_file(urls.json_schema("history")): schema_of(History)}


def history_json(page: Page) -> bytes:
    """The prices of a GPU at a provider."""
    body = page.body
    made = History(
        schema="../../schema/history.json",
        licence=LICENCE,
        methodology=page.method,
        as_of=_instant(body.as_of),
        provider=body.provider,
        gpu=body.gpu,
        offers=tuple(map(_offer, body.offers)),
    )
    return orjson.dumps(made)


def _offer(offer: histories.OfferHistory) -> Offer:
    return Offer(
        instance_type=offer.instance_type,
        region=offer.region or None,
        price_basis=offer.price_basis,
        steps=tuple(map(_step, offer.steps)),
        gaps=tuple(Gap(_instant(gap.since), _instant_or_none(gap.until), gap.reason) for gap in offer.gaps),
    )


def _step(step: histories.Step) -> Step:
    return Step(
        valid_from=_instant(step.valid_from),
        valid_to=_instant_or_none(step.valid_to),
        last_confirmed_at=_instant(step.last_confirmed_at),
        gpu_count=float(Fraction(step.gpu_count)) if step.gpu_count else None,
        availability=step.availability,
        usd=_prices(step.prices),
        charged=Charged(step.currency, _prices(step.charged)) if step.charged else None,
        is_recorded=step.is_recorded,
        evidence=step.evidence_url,
    )


def _prices(prices: histories.Prices) -> Prices:
    return Prices(*map(_price, prices))


def _price(amount: Decimal | None) -> str | None:
    return None if amount is None else plain_money(amount)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _instant_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else _instant(moment)
