"""What is held back: what a run says of it, and what an editor decides.

An offer that a rule catches is not published; its last good price stands, with its date.  It comes out when a second
answer agrees with a jump (scrapers/contract.py), or when an editor releases it.  An answer with far more or far fewer
offers than stood is an entry too, as a whole.
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


@dataclass(frozen=True, slots=True)
class Entry:
    """An offer held back: the rule, its figures, and the price that stands meanwhile (US dollars per GPU-hour).

    Without an instance type it is a whole answer.  `capture` is the hash of the newest answer that had it.
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
class _Standing:
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
    """ "3 offers and 1 whole answer"; without what there is none of."""
    parts = (
        plural(offers, "offer") if offers or not answers else "",
        plural(answers, "whole answer") if answers else "",
    )
    return " and ".join(filter(None, parts))


def past(connection: db.Connection, provider: str, *, is_recorded: bool) -> Past:
    """What is known of a provider's offers, to judge an answer by: what stands, and what was held back before.

    A live answer is not measured by a recording, nor a recording by a live one.
    """
    standing = db.rows(connection, "standing_prices", _Standing, provider=provider, is_recorded=is_recorded)
    held: dict[Key, list[HeldBefore]] = {}
    for one in db.rows(connection, "quarantine_known", _Known, provider=provider):
        prices = {column: Decimal(price) for column, price in one.prices.items()}
        held.setdefault((one.instance_type, one.region), []).append(HeldBefore(prices, one.first_seen_at, one.state))
    by_key = {(one.instance_type, one.region): _prices(one) for one in standing}
    return Past(by_key, held, offers_n=len(standing) or None)


def _prices(standing: _Standing) -> Prices:
    found = {column: getattr(standing, name) for column, name in PER_GPU_HOUR.items()}
    return {column: price for column, price in found.items() if price is not None}


def note(
    connection: db.Connection,
    provider_id: UUID,
    job_id: UUID,
    observed_at: datetime,
    held: Sequence[HeldBack],
    agreed: Sequence[Key],
) -> None:
    """Note what a run holds back now, and what became of that which was held back before."""
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
    """Offers held back, newest first; with `everything` also those that came out or were withdrawn."""
    return db.rows(connection, "quarantine_list", Entry, provider=provider, everything=everything)


def decide(
    connection: db.Connection,
    number: int,
    state: Literal["released", "rejected"],
    *,
    by: str,
    at: datetime,
    reason: str | None,
) -> tuple[str, str]:
    """An editor's word; returns the provider and the instance type, "" for a whole answer.

    A released offer is published from the next answer on that has its prices, give or take a tenth; a released answer
    is the next one that has about as many offers.  Raises BuildError for a number that is not in quarantine, and for an
    offer without a price that could be published.
    """
    what = {"decided_by": by, "decided_at": at, "reason": reason}
    decided = db.rows(connection, "quarantine_decide", _Decided, id=number, state=state, **what)
    if not decided:
        raise BuildError(_why_not(number, db.rows(connection, "quarantine_entry", _Entry, id=number)))
    return decided[0].provider, decided[0].instance_type


def _why_not(number: int, found: Sequence[_Entry]) -> str:
    if not found:
        return f"quarantine has no number {number}; `build.py sources quarantine` lists them"
    if found[0].state in ("released", "withdrawn"):
        return f"number {number} is {found[0].state} already"
    return f"number {number} has no price to release: {found[0].rule}; its provider's answer or parser has to change"
