"""A second opinion: where prices that others published (readings) differ from the stored ones, and editors' verdicts.

A reading counts where it was taken within 30 days of our price; sql/queries/disagreements_compare.sql says which is
compared with which.  A verdict holds while both figures stay within 5 per cent of those that were judged.  Where the
prices agree again, the disagreement is settled without anybody's doing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from generator.database import db
from generator.errors import BuildError

DisagreementState = Literal["open", "judged", "settled"]
Verdict = Literal["ours", "theirs", "both", "neither"]

APART = Decimal("0.05")
"""How far a reading may differ, as a share of our price, and still agree."""
LIKE_DAYS = 30
"""How many days may lie between our price and the reading."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The result of comparing all prices with readings.

    Of the prices `compared`, `apart` differ: `new` of these since the last run, `open` without a verdict that holds.
    `settled` counts those that differed at the last run and don't any more.
    """

    compared: int = 0
    apart: int = 0
    new: int = 0
    open: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A disagreement: our cheapest ranked offer, and the reading that contradicts it, in US dollars per GPU-hour.

    `region` and `gpu_count` are the reading's, "" and None where it states none; `ratio` is theirs over ours.  In state
    "open" a verdict was given on other figures, those judged.
    """

    id: int
    provider: str
    gpu_slug: str
    pricing_type: str
    region: str
    gpu_count: int | None
    instance_type: str
    instance_region: str
    price_per_gpu_hour: Decimal
    observed_at: datetime
    source_url: str | None
    reading_source: str
    reading_url: str
    reading_licence: str
    reading_price_per_gpu_hour: Decimal
    reading_observed_at: datetime
    ratio: Decimal
    first_seen_run: int
    last_seen: datetime
    state: DisagreementState
    verdict: Verdict | None
    judged_by: str | None
    judged_at: datetime | None
    reason: str | None
    judged_price_per_gpu_hour: Decimal | None
    judged_reading_price_per_gpu_hour: Decimal | None


@dataclass(frozen=True, slots=True)
class _Judged:
    provider: str
    gpu_slug: str


def compare(
    connection: db.Connection, run_id: int, as_of: datetime, further: Sequence[Mapping[str, str]] = ()
) -> SecondOpinion:
    """Compare the stored prices with readings: the stored ones and `further` ones (generator/ingest/readings.py)."""
    rules = {"days": LIKE_DAYS, "apart": APART}
    with connection.transaction():
        return db.rows(
            connection,
            "disagreements_compare",
            SecondOpinion,
            run_id=run_id,
            as_of=as_of,
            further=db.json(list(further)),
            **rules,
        )[0]


def entries(connection: db.Connection, provider: str | None = None, *, everything: bool = False) -> list[Entry]:
    """Disagreements, open ones first, then by how far apart they are; with `everything` also settled ones."""
    return db.rows(connection, "disagreements_list", Entry, provider=provider, everything=everything)


def judge(
    connection: db.Connection, number: int, verdict: Verdict, *, by: str, at: datetime, reason: str
) -> tuple[str, str]:
    """Store an editor's verdict, in place of an earlier one; return the provider and the GPU.

    Raises BuildError for an unknown number, and for a disagreement that is settled.
    """
    signed = {"judged_by": by, "judged_at": at, "reason": reason}
    judged = db.rows(connection, "disagreements_judge", _Judged, id=number, verdict=verdict, **signed)
    if not judged:
        raise BuildError(_why_not(number, entries(connection, everything=True)))
    return judged[0].provider, judged[0].gpu_slug


def _why_not(number: int, known: Sequence[Entry]) -> str:
    if any(entry.id == number for entry in known):
        return f"number {number} is settled: the prices agree, or can't be compared any more; there is nothing to judge"
    return f"no disagreement has the number {number}; `build.py sources disagreements` lists them"
