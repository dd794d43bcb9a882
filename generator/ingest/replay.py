"""Replay kept answers with today's parser: after it was fixed, what they really said replaces what was stored.

Prices are corrected where they are, in history and on the pages; they don't count as moved.  An answer that could not
be read at the time is stored now, under the time at which it was given.  What is held back stays so.

The shipped recording takes the place of stored recordings of the same time or later.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from generator.database import db
from generator.database import runs as db_runs
from generator.database.plain_json import plain_json
from generator.errors import BuildError
from generator.ingest import evidence, quarantine, store
from generator.ingest.interpretation import Interpretation, Knowledge
from generator.ingest.refresh import WORKER
from scrapers import captures, run
from scrapers.captures import Capture, Recording
from scrapers.contract import Checked, HeldBefore
from scrapers.errors import ScrapeError
from scrapers.normalise import HeldBack, NormalisedOffer, prices_per_gpu_hour, without
from scrapers.offer import Key
from scrapers.run import Clock, ProviderModule, Scraped


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A provider's run whose answers are kept; `was_stored` says that its offers were stored then.

    `shipped` are the answers of the shipped recording, where they are replayed in place of the kept ones.
    """

    id: str
    observed_at: datetime
    is_recorded: bool
    was_stored: bool
    shipped: tuple[Capture, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoricOffer:
    """An offer as it is in history: amounts as charged, for the whole instance."""

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
    """A field of an offer that a replay changed, before and after; None where there is no value."""

    instance_type: str
    region: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replayed run: how many offers it has, and what changed; `problem` says why it was left as it was."""

    job: str
    observed_at: datetime
    found: int
    changes: tuple[Change, ...]
    problem: str = ""


_FACTS = tuple(fact.name for fact in fields(HistoricOffer))[2:]


@dataclass(slots=True)
class _Pass:
    """A replay of a provider's runs, one after the other; `replayed_until` is the last one's time, by `is_recorded`."""

    connection: db.Connection
    module: ProviderModule
    knowledge: Knowledge
    version: str
    clock: Clock
    replayed_until: dict[bool, datetime] = field(default_factory=dict)


def kept_runs(
    connection: db.Connection, provider: str, since: datetime | None = None, until: datetime | None = None
) -> list[KeptRun]:
    """The provider's runs whose answers are kept, oldest first: the newest run, or all since an instant.

    Runs after `until`, stored by a clock that was ahead, are left out.  Raises BuildError where there is none.
    """
    found = runs_kept(connection, provider, since, until)
    if not found:
        when = f" since {since:%Y-%m-%d %H:%M}" if since else ""
        raise BuildError(f"{provider}: no answer is kept{when}; `build.py refresh {provider}` fetches one")
    return found


def runs_kept(
    connection: db.Connection, provider: str, since: datetime | None = None, until: datetime | None = None
) -> list[KeptRun]:
    """As `kept_runs`, for a provider that may have none."""
    found = db.rows(connection, "replayable_jobs", KeptRun, provider=provider, since=since, until=until)
    return _as_shipped(found, captures.recording(provider))


def _as_shipped(found: list[KeptRun], recording: Recording | None) -> list[KeptRun]:
    """The runs, with the shipped recording in place of all recorded ones of its time or later."""
    if recording is None or not recording.is_dated:
        return found
    at = recording.recorded_at
    withdrawn = [one for one in found if one.is_recorded and one.observed_at >= at]
    if not withdrawn:
        return found
    was_stored = any(one.was_stored for one in withdrawn)
    shipped = replace(withdrawn[-1], observed_at=at, was_stored=was_stored, shipped=recording.captures)
    return sorted([shipped, *(one for one in found if one not in withdrawn)], key=lambda one: one.observed_at)


def replay(
    connection: db.Connection,
    module: ProviderModule,
    runs: Sequence[KeptRun],
    *,
    version: str,
    clock: Clock,
    dry_run: bool = False,
) -> Iterator[Replayed]:
    """Replay the runs in the order given, each in a transaction of its own; with `dry_run` nothing is kept.

    Price changes that were listed and are none any more are noted as retracted at the end.
    """
    with connection.transaction():
        under_way = _Pass(connection, module, Knowledge(connection), version, clock)
        as_of = db_runs.last_as_of(connection) or clock()
        told = {"provider": module.PROVIDER.slug, "as_of": as_of}
        listed = db.rows(connection, "listed_price_events", dict, **told)
    with _trial(connection) if dry_run else nullcontext():
        for one in runs:
            yield _replayed(under_way, one)
        with connection.transaction():
            retracted_on = clock().astimezone(UTC).date()
            db.execute(connection, "retract_price_events", **told, listed=plain_json(listed), retracted_on=retracted_on)


@contextmanager
def _trial(connection: db.Connection) -> Iterator[None]:
    """A transaction that is rolled back, however long it takes; runs of other providers don't wait for it."""
    with connection.transaction(force_rollback=True), db.unhurried(connection):
        db.execute(connection, "replay_trial")
        yield


def _replayed(under_way: _Pass, one: KeptRun) -> Replayed:
    connection, slug = under_way.connection, under_way.module.PROVIDER.slug
    what = {"provider": slug, "at": one.observed_at, "is_recorded": one.is_recorded}
    with connection.transaction():
        answers = one.shipped or evidence.of_job(connection, UUID(one.id))
    scraped = asyncio.run(run.scrape(under_way.module, run.replayer(answers), clock=under_way.clock))
    try:
        with store.failures_of(slug), connection.transaction():
            before = db.rows(connection, "historic_offers", HistoricOffer, **what)
            made = under_way.knowledge.interpret(scraped, corrects=one.was_stored, offers_n=len(before))
            if made.error:
                raise made.error
            found = _store(under_way, one, scraped, made)
            after = db.rows(connection, "historic_offers", HistoricOffer, **what)
    except ScrapeError as error:
        return Replayed(one.id, one.observed_at, 0, (), error.message)
    under_way.replayed_until[one.is_recorded] = one.observed_at
    return Replayed(one.id, one.observed_at, found, tuple(_changes(before, after)))


def _store(under_way: _Pass, one: KeptRun, scraped: Scraped, made: Interpretation) -> int:
    """Store the offers of the answer that pass the checks; return how many offers it has."""
    connection = under_way.connection
    as_of = db_runs.last_as_of(connection) or one.observed_at
    run_id = db_runs.start(connection, as_of, "replay", under_way.version)
    held = quarantine.past(connection, scraped.provider.slug, is_recorded=one.is_recorded).held
    checked = made.checked or Checked(0)
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
        scheduled=made.scheduled,
        unmapped=made.unmapped,
        unreadable=withheld,
        is_complete=scraped.is_complete,
        rejected=len(withheld),
        corrects=made.corrects,
        replayed_until=under_way.replayed_until.get(one.is_recorded),
        is_shipped=bool(one.shipped),
        report={"replay_of": one.id, "found": checked.total, "rows": made.row_counts(scraped)},
        request_url=last.request.url,
        response_status=last.status,
        response_bytes=scraped.body_bytes,
        worker=WORKER,
    )
    store.store(connection, provider_run)
    db_runs.finish(connection, run_id)
    return checked.total


def _left(offer: NormalisedOffer, held: Sequence[HeldBefore]) -> NormalisedOffer | None:
    """The offer without the prices that are in quarantine; None where that is all of them."""
    prices = prices_per_gpu_hour(offer)
    for before in held:
        stated = {column: prices[column] for column in before.prices if column in prices}
        if before.verdict != "released" and before.agrees(stated):
            offer = without(offer, stated, kept=True)
    return offer if prices_per_gpu_hour(offer) or not prices else None


def _key(offer: NormalisedOffer | HeldBack) -> Key:
    return (offer.instance_type, offer.region)


def _changes(before: Sequence[HistoricOffer], after: Sequence[HistoricOffer]) -> Iterator[Change]:
    old, new = ({(one.instance_type, one.region): one for one in offers} for offers in (before, after))
    for key in sorted(old.keys() | new.keys()):
        for fact in _FACTS:
            values = [_text(getattr(one.get(key), fact, None)) for one in (old, new)]
            if values[0] != values[1]:
                yield Change(*key, fact, *values)


def _text(value: Any) -> str | None:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value if value is None else str(value)
