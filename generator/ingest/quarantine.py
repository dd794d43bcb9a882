"""Quarantine: the offers and answers that are held back, until a second answer confirms them or an editor decides.

An offer that a rule catches is not published; its last good price stays, with its date.  A
jump comes out when a second answer agrees (scrapers/contract.py), anything when an editor releases it.  An answer with
far more or far fewer offers than were stored is held back as a whole, as one entry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from generator.database import db
from generator.errors import BuildError
from generator.formats import plural
from scrapers.contract import HeldBefore, Past, Prices
from scrapers.normalise import HeldBack
from scrapers.offer import Key
from scrapers.price_per_gpu_hour import PER_GPU_HOUR

EntryState = Literal["waiting", "released", "rejected", "withdrawn"]
Decision = Literal["release_price", "correct_price", "keep_price_back"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An offer held back: the rule, its figures, and the price shown meanwhile (US dollars per GPU-hour).

    Without an instance type it is a whole answer.  `capture` is the hash of the newest answer that contained it.
    """

    id: int
    provider: str
    instance_type: str
    region: str
    gpu_slug: str | None
    rule: str
    detail: str
    prices: Mapping[str, str]
    state: EntryState
    seen_n: int
    first_seen_at: datetime
    last_seen_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    standing_price: Decimal | None
    standing_since: datetime | None
    capture: str | None

    @property
    def is_answer(self) -> bool:
        """Whether a whole answer is held back."""
        return not self.instance_type


@dataclass(frozen=True, slots=True)
class _Known:
    instance_type: str
    region: str
    prices: Mapping[str, str]
    first_seen_at: datetime
    state: Any


@dataclass(frozen=True, slots=True)
class _StoredOffer:
    instance_type: str
    region: str
    price_per_gpu_hour: Decimal | None
    price_per_gpu_hour_spot: Decimal | None
    price_per_gpu_hour_monthly: Decimal | None
    price_per_gpu_hour_reserved_1y: Decimal | None
    price_per_gpu_hour_reserved_3y: Decimal | None


@dataclass(frozen=True, slots=True)
class _Entry:
    state: EntryState
    rule: str
    has_prices: bool


@dataclass(frozen=True, slots=True)
class _Decided:
    provider: str
    instance_type: str


def counted(offers: int, answers: int) -> str:
    """ "3 offers and 1 whole answer"; a count of zero is left out."""
    parts = (
        plural(offers, "offer") if offers or not answers else "",
        plural(answers, "whole answer") if answers else "",
    )
    return " and ".join(filter(None, parts))


def past(connection: db.Connection, provider: str, *, is_recorded: bool) -> Past:
    """A provider's stored prices and what was held back before, to judge an answer by.

    A live answer is not judged by a recording, nor a recording by a live one.
    """
    stored = db.rows(connection, "stored_prices", _StoredOffer, provider=provider, is_recorded=is_recorded)
    held: dict[Key, list[HeldBefore]] = {}
    for one in db.rows(connection, "quarantine_known", _Known, provider=provider):
        prices = {column: Decimal(price) for column, price in one.prices.items()}
        held.setdefault((one.instance_type, one.region), []).append(HeldBefore(prices, one.first_seen_at, one.state))
    by_key = {(one.instance_type, one.region): _prices(one) for one in stored}
    return Past(by_key, held, offers_n=len(stored) or None)


def _prices(offer: _StoredOffer) -> Prices:
    found = {column: getattr(offer, name) for column, name in PER_GPU_HOUR.items()}
    return {column: price for column, price in found.items() if price is not None}


def note(
    connection: db.Connection,
    provider_id: UUID,
    job_id: UUID,
    observed_at: datetime,
    held: Sequence[HeldBack],
    agreed: Sequence[Key],
) -> None:
    """Store what a run holds back, and update the entries of earlier runs."""
    run = {"provider_id": provider_id, "job_id": job_id, "observed_at": observed_at}
    offers = {
        "types": [one.instance_type[:100] for one in held],
        "regions": [one.region[:60] for one in held],
        "rules": [one.rule for one in held],
        "details": [one.detail for one in held],
    }
    db.execute(
        connection,
        "quarantine_note",
        **run,
        **offers,
        since=[one.since for one in held],
        agreed_types=[instance_type for instance_type, _ in agreed],
        agreed_regions=[region for _, region in agreed],
    )
    if held:
        prices = [db.json(dict(one.prices)) for one in held]
        gpus = [one.gpu_slug for one in held]
        db.execute(connection, "quarantine_enter", **run, **offers, gpus=gpus, prices=prices)


def entries(connection: db.Connection, provider: str | None = None, *, everything: bool = False) -> list[Entry]:
    """Entries, newest first; with `everything` also those that were released or withdrawn."""
    return db.rows(connection, "quarantine_list", Entry, provider=provider, everything=everything)


def decide(
    connection: db.Connection,
    number: int,
    decision: Decision,
    *,
    by: str,
    at: datetime,
    reason: str | None,
    told: Mapping[str, Any] | None = None,
) -> tuple[str, str]:
    """Store an editor's decision; return the provider and the instance type, "" for a whole answer.

    A released offer is published from the next answer on that has its prices, give or take a tenth; of a released
    answer, the next one with about as many offers is.  Raises BuildError for a number that is not in quarantine, and
    for an offer without a price that could be published, or where `by` is no active editor.  `told` is what the audit
    log keeps beside the decision.
    """
    what = {"decided_by": by, "decided_at": at, "reason": reason, "told": db.json(dict(told or {}))}
    try:
        with connection.transaction():
            decided = db.rows(connection, "quarantine_decide", _Decided, id=number, decision=decision, **what)
    except db.Forbidden as error:
        raise BuildError(f"number {number}: {db.said(error)}") from None
    if not decided:
        raise BuildError(_why_not(number, db.rows(connection, "quarantine_entry", _Entry, id=number)))
    return decided[0].provider, decided[0].instance_type


def _why_not(number: int, found: Sequence[_Entry]) -> str:
    if not found:
        return f"nothing in quarantine has the number {number}; `build.py sources quarantine` lists what has one"
    if found[0].state in ("released", "withdrawn"):
        return f"number {number} is {found[0].state} already"
    return f"number {number} has no price to release: {found[0].rule}; its provider's answer or parser has to change"
