"""Kept answers read anew: after a parser was mended, what they really said replaces what was made of them.

Prices that stood then are put right where they are, in history and on the pages; they did not move.  An answer that
could not be read at its time is stored now, at the time at which it was given.  What is held back stays so.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from generator import db, evidence, quarantine, store
from generator.errors import BuildError
from generator.reading import Knowledge, Read
from generator.refresh import WORKER
from scrapers import run
from scrapers.contract import Before, Checked, Past
from scrapers.normalise import HeldBack, NormalisedOffer, per_gpu_hour, without
from scrapers.offer import Key
from scrapers.run import Clock, ProviderModule, Scraped


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A provider's run whose answers are kept; `was_stored` says that its offers were stored then."""

    id: str
    observed_at: datetime
    is_recorded: bool
    was_stored: bool


@dataclass(frozen=True, slots=True)
class Stood:
    """An offer as history has it: amounts as charged, for the whole instance."""

    instance_type: str
    region: str
    gpu_slug: str
    gpu_count: int
    gpu_share: Decimal
    currency: str
    availability_status: str
    price_per_hour: Decimal | None
    price_per_hour_spot: Decimal | None
    price_per_month: Decimal | None
    price_per_hour_reserved_1y: Decimal | None
    price_per_hour_reserved_3y: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """What reading an answer anew changed of an offer: a field before and after, None where there was no value."""

    instance_type: str
    region: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run read anew: how many offers it has, and what that changed; `problem` says why it was left as it was."""

    job: str
    observed_at: datetime
    found: int
    changes: tuple[Change, ...]
    problem: str = ""


_FACTS = tuple(field.name for field in fields(Stood))[2:]


def kept_runs(connection: db.Connection, provider: str, since: datetime | None = None) -> list[KeptRun]:
    """The provider's runs whose answers are kept, oldest first: the newest, or all since an instant.

    Raises BuildError where there is none.
    """
    found = db.rows(connection, "replayable_jobs", KeptRun, provider=provider, since=since)
    if not found:
        when = f" since {since:%Y-%m-%d %H:%M}" if since else ""
        raise BuildError(f"{provider}: no answer is kept{when}; `build.py refresh {provider}` fetches one")
    return found


def replay(
    connection: db.Connection,
    module: ProviderModule,
    runs: Sequence[KeptRun],
    *,
    version: str,
    clock: Clock,
    dry_run: bool = False,
) -> Iterator[Replayed]:
    """Each run read anew, in the order given, each in a transaction of its own; with `dry_run` nothing is kept."""
    knowledge = Knowledge(connection)
    for one in runs:
        captures = evidence.of_job(connection, UUID(one.id))
        scraped = asyncio.run(run.scrape(module, run.replayer(captures), clock=clock))
        # Standing prices judge an answer that was not stored; of one that was, they are what is doubted.
        read = knowledge.read(scraped, None, Past() if one.was_stored else None)
        connection.commit()
        with connection.transaction(force_rollback=dry_run):
            yield _replayed(connection, one, scraped, read, version)


def _replayed(connection: db.Connection, one: KeptRun, scraped: Scraped, read: Read, version: str) -> Replayed:
    if read.error or not read.checked:
        problem = read.error.message if read.error else f"{scraped.provider.slug}: nothing could be read"
        return Replayed(one.id, one.observed_at, 0, (), problem)
    what = {"provider": scraped.provider.slug, "at": one.observed_at, "is_recorded": one.is_recorded}
    before = db.rows(connection, "prices_stood", Stood, **what)
    _store(connection, one, scraped, read, version)
    after = db.rows(connection, "prices_stood", Stood, **what)
    return Replayed(one.id, one.observed_at, read.checked.total, tuple(_changes(before, after)))


def _store(connection: db.Connection, one: KeptRun, scraped: Scraped, read: Read, version: str) -> None:
    run_id = store.start_run(connection, store.last_as_of(connection) or one.observed_at, "replay", version)
    held = quarantine.past(connection, scraped.provider.slug, is_recorded=one.is_recorded).held
    checked = read.checked or Checked(0)
    offers = [left for offer in checked.offers if (left := _left(offer, held.get(_key(offer), ())))]
    stored = {_key(offer) for offer in offers}
    withheld = [key for key in [*map(_key, checked.offers), *map(_key, checked.held)] if key not in stored]
    last = scraped.captures[-1]
    provider_run = store.ProviderRun(
        provider=scraped.provider.slug,
        source_class=scraped.provider.source_class,
        run_id=run_id,
        observed_at=one.observed_at,
        is_recorded=one.is_recorded,
        started_at=scraped.started_at,
        completed_at=scraped.completed_at,
        captures=scraped.captures,
        offers=offers,
        unmapped=read.normalised.unmapped,
        unreadable=withheld,
        rejected=len(withheld),
        corrects=one.was_stored,
        report={"replay_of": one.id, "found": checked.total},
        request_url=last.request.url,
        response_status=last.status,
        response_bytes=scraped.body_bytes,
        worker=WORKER,
    )
    store.store(connection, provider_run)
    store.finish_run(connection, run_id)


def _left(offer: NormalisedOffer, held: Sequence[Before]) -> NormalisedOffer | None:
    """The offer without the prices that quarantine holds back now; None where that is all of them."""
    prices = per_gpu_hour(offer)
    for before in held:
        stated = {column: prices[column] for column in before.prices if column in prices}
        if before.verdict != "released" and before.agrees(stated):
            offer = without(offer, stated, kept=True)
    return offer if per_gpu_hour(offer) or not prices else None


def _key(offer: NormalisedOffer | HeldBack) -> Key:
    return (offer.instance_type, offer.region)


def _changes(before: Sequence[Stood], after: Sequence[Stood]) -> Iterator[Change]:
    old, new = ({(one.instance_type, one.region): one for one in stood} for stood in (before, after))
    for key in sorted(old.keys() | new.keys()):
        for field in _FACTS:
            values = [_text(getattr(one.get(key), field, None)) for one in (old, new)]
            if values[0] != values[1]:
                yield Change(*key, field, *values)


def _text(value: Any) -> str | None:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value if value is None else str(value)
