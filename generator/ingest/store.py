"""Store a provider's run: its answers, its offers, and the price history that follows from them.

One transaction per provider, all or nothing, so a run that breaks off leaves the last good one.  An offer that is
seen again unchanged gets a new time in `confirmations` and nothing else.

Whether a price changed is decided on the amounts the provider charges.  When only the exchange rate moved, the US
dollar columns follow it, but history and `updated_at` don't; history keeps the amounts charged, so that a trend
converts them at each day's rate.  An answer older than what is stored goes to history only, and a recording never
replaces a live answer.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from generator.database import db
from generator.database.plain_json import plain_json
from generator.errors import BuildError, DatabaseBusy
from generator.ingest import quarantine
from scrapers.captures import Capture
from scrapers.errors import ImplausibleOffers
from scrapers.normalise import HeldBack, NormalisedOffer, UnmappedName
from scrapers.offer import Key, SourceClass
from scrapers.price_times import ScheduledPrice

Status = Literal["completed", "failed", "timeout", "rate_limited"]

_COLUMNS = tuple(field.name for field in fields(NormalisedOffer))
_FIELDS = attrgetter(*_COLUMNS)
_JSON_PLACES = tuple(_COLUMNS.index(name) for name in ("price_includes", "price_ends", "raw_data"))
_LIST_PLACES = tuple(_COLUMNS.index(name) for name in ("available_regions", "kept_prices"))
_MANY = 1000
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# SQLSTATE classes of values that the database refuses: data exceptions, constraint violations.
_REFUSALS = ("22", "23")
# Lock timeout, statement cancelled or timed out, deadlock, serialisation failure.
_BUSY = ("55P03", "57014", "40P01", "40001")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRun:
    """The result of one provider in one run.

    `observed_at` is when the answers were true: for a recording, long before the run.  `is_complete` says that an offer
    which is not in `offers` is no longer for rent, and that a price for later which is not in `scheduled` is withdrawn.
    A run whose `status` is not "completed" has no offers to store, and says why in `error_code` and `error_message`.
    `request_url` and `response_status` are those of the answer that the offers come from, or of the one that failed;
    `response_bytes` is the size of all answers.  `report` is the rest of the job's report, as JSON.

    `held` are the offers held back (None: nothing could be read), `agreed` the keys of those that this second answer
    released from quarantine, `unreadable` the keys of rows that break the rules of an offer.  An offer that is held
    back, unreadable or of an unknown GPU is still for rent: its stored price stays.

    With `corrects`, stored answers are replayed: offers and history are corrected in place, and no price moves.
    `replayed_until` is the time of the answer replayed before this one.  With `is_shipped`, the answer is the recording
    that ships now, and the results of later recordings are withdrawn first.  So is what a clock that was ahead dated
    later than `later_than`.
    """

    provider: str
    source_class: SourceClass
    run_id: int
    observed_at: datetime
    is_recorded: bool
    started_at: datetime
    completed_at: datetime
    status: Status = "completed"
    is_complete: bool = True
    captures: Sequence[Capture] = ()
    offers: Sequence[NormalisedOffer] = ()
    scheduled: Sequence[ScheduledPrice] = ()
    unmapped: Sequence[UnmappedName] = ()
    held: Sequence[HeldBack] | None = None
    agreed: Sequence[Key] = ()
    unreadable: Sequence[Key] = ()
    corrects: bool = False
    replayed_until: datetime | None = None
    is_shipped: bool = False
    later_than: datetime | None = None
    rejected: int = 0
    report: Mapping[str, Any] | None = None
    error_code: str | None = None
    error_message: str | None = None
    retry_count: int = 0
    request_url: str | None = None
    response_status: int | None = None
    response_bytes: int | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class StoreReport:
    """How many offers were found; of these, how many are new, changed, unchanged; how many are no longer offered."""

    found: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0


@dataclass(frozen=True, slots=True)
class _Id:
    id: UUID


@dataclass(frozen=True, slots=True)
class _Body:
    sha256: str


@dataclass(frozen=True, slots=True)
class _UnknownGpu:
    gpu_slug: str


@dataclass(frozen=True, slots=True)
class _Counts:
    created: int
    updated: int
    unchanged: int
    converted: int
    unwatched: int
    past: int
    unconfirmed: int
    unknown: int
    absent: int
    unwatched_stored: bool


def store(connection: db.Connection, run: ProviderRun) -> StoreReport:
    """Store a provider's run, whole or not at all; runs of the same provider take turns.

    Of a run that is not "completed" only the job, the captures, the unknown GPU names and what is held back are stored.
    Raises BuildError for an unknown provider or GPU, ImplausibleOffers where the database refuses an offer, and
    DatabaseBusy where it does not take the offers in time.
    """
    with failures_of(run.provider), connection.transaction():
        db.execute(connection, "store_take_turn", provider=run.provider)
        # Before anything else is locked: a new partition locks the whole of price history.
        db.execute(connection, "store_partitions", first=run.observed_at, last=run.observed_at)
        db.execute(connection, "store_reopen_market_days", observed_at=run.observed_at)
        provider_id = _provider(connection, run)
        withdrawn = _withdraw_later(connection, run, provider_id)
        job_id = _job(connection, run, provider_id)
        _store_captures(connection, run, provider_id, job_id)
        _store_unmapped(connection, run, provider_id)
        if run.held is not None:
            quarantine.note(connection, provider_id, job_id, run.observed_at, run.held, run.agreed)
        if run.status != "completed":
            return StoreReport()
        report = _store_offers(connection, run, provider_id, job_id)
        _store_scheduled(connection, run, provider_id)
        if withdrawn:
            db.execute(connection, "correct_begin", job_id=job_id, observed_at=run.observed_at)
            db.execute(connection, "withdraw_recompute", provider_id=provider_id, observed_at=run.observed_at)
        db.execute(
            connection,
            "store_job_counts",
            job_id=job_id,
            found=report.found,
            created=report.created,
            updated=report.updated,
            unchanged=report.unchanged,
            deactivated=report.deactivated,
        )
        return report


@contextmanager
def failures_of(provider: str) -> Iterator[None]:
    """Turn database errors that concern one provider only into errors of that provider; let others through."""
    try:
        yield
    except db.Error as error:
        sqlstate = error.sqlstate or ""
        said = error.diag.message_primary or ""
        if sqlstate.startswith(_REFUSALS):
            detail = error.diag.message_detail or error.diag.context or ""
            problem = f"{said} {detail.splitlines()[0] if detail else ''}".strip()
            raise ImplausibleOffers(provider, f"the database refuses an offer: {problem[:500]}") from error
        if sqlstate in _BUSY:
            raise DatabaseBusy(provider, f"the database did not take its offers: {db.said(error)[:500]}") from error
        raise


def _provider(connection: db.Connection, run: ProviderRun) -> UUID:
    found = db.rows(connection, "store_provider", _Id, provider=run.provider, source_class=run.source_class)
    if not found:
        raise BuildError(f'{run.provider}: no provider has the slug "{run.provider}"; add its row to sql/seed/')
    return found[0].id


def _withdraw_later(connection: db.Connection, run: ProviderRun, provider_id: UUID) -> bool:
    """Withdraw prices dated later than the end of the run, once there are others; return whether there were any.

    Quarantine entries and unknown names with such a date are dated now, or they would wait until then.
    """
    if run.later_than is None or run.is_recorded:
        return False
    later = {"provider_id": provider_id, "observed_at": run.observed_at, "later_than": run.later_than}
    db.execute(connection, "withdraw_later_seen", **later)
    if run.status != "completed" or not db.execute(connection, "withdraw_later", **later, asked_at=run.started_at):
        return False
    db.execute(connection, "store_reopen_market_days", observed_at=_LONG_AGO)
    return True


def _job(connection: db.Connection, run: ProviderRun, provider_id: UUID) -> UUID:
    (job,) = db.rows(
        connection,
        "store_job",
        _Id,
        provider_id=provider_id,
        run_id=run.run_id,
        status=run.status,
        is_recorded=run.is_recorded,
        started_at=run.started_at,
        completed_at=run.completed_at,
        observed_at=run.observed_at,
        rejected=run.rejected,
        report=None if run.report is None else plain_json(run.report),
        error_code=run.error_code,
        error_message=run.error_message,
        retry_count=run.retry_count,
        request_url=run.request_url,
        response_status=run.response_status,
        response_bytes=run.response_bytes,
        worker=run.worker,
    )
    return job.id


def _store_captures(connection: db.Connection, run: ProviderRun, provider_id: UUID, job_id: UUID) -> None:
    # In the order of their hashes, so that two providers with the same answers can't deadlock.
    captures = sorted(run.captures, key=lambda capture: capture.sha256)
    hashes = [capture.sha256 for capture in captures]
    known = {body.sha256 for body in db.rows(connection, "store_known_bodies", _Body, hashes=hashes)}
    for capture in captures:
        if capture.sha256 not in known:
            body = zlib.compress(capture.body)
            size = len(capture.body)
            db.execute(connection, "store_capture_body", sha256=capture.sha256, body=body, body_bytes=size)
            known.add(capture.sha256)
        _store_capture(connection, capture, provider_id, job_id)


def _store_capture(connection: db.Connection, capture: Capture, provider_id: UUID, job_id: UUID) -> None:
    db.execute(
        connection,
        "store_capture",
        provider_id=provider_id,
        job_id=job_id,
        sha256=capture.sha256,
        method=capture.request.method,
        url=capture.request.url,
        request_body=capture.request.body,
        status=capture.status,
        content_type=capture.content_type,
        headers=plain_json(capture.headers),
        fetched_at=capture.fetched_at,
        origin=capture.origin,
        origin_url=capture.origin_url,
    )


def _store_offers(connection: db.Connection, run: ProviderRun, provider_id: UUID, job_id: UUID) -> StoreReport:
    withdrawn = 0
    if run.corrects and run.is_shipped:
        withdrawn = db.execute(connection, "correct_withdraw", provider_id=provider_id, observed_at=run.observed_at)
    counts = _match(connection, run, provider_id)
    what = {"provider_id": provider_id, "observed_at": run.observed_at}
    seen = {**what, "job_id": job_id}
    kind = {"is_recorded": run.is_recorded}
    source = {"source_class": run.source_class}
    present = _still_there(run)

    if counts.unwatched_stored:
        db.execute(connection, "store_end_unwatched", **what, **kind, **source, is_complete=run.is_complete)
    if counts.created:
        db.execute(connection, "store_offers", **seen, **kind, source_url=run.request_url)
    if run.corrects and (withdrawn or not _is_as_it_was(run, counts)):
        _correct(connection, run, {**seen, **kind, **present, "source_url": run.request_url})
    elif counts.updated:
        db.execute(connection, "store_changes", **seen, **kind, source_url=run.request_url)
    if counts.converted:
        db.execute(connection, "store_conversions")
    db.execute(connection, "store_confirmations", **seen)
    if counts.unconfirmed:
        db.execute(connection, "store_first_confirmations", **seen)
    if counts.unwatched:
        db.execute(connection, "store_begin_rewatched", **seen)
    if counts.past:
        db.execute(connection, "store_past", **seen, **kind, **source)
    gone = 0
    if run.is_complete and counts.absent:
        gone = db.execute(connection, "store_disappearances", **seen, **kind, **present)

    if counts.created > _MANY:
        connection.execute(db.query("store_analyze"))
    return StoreReport(len(run.offers), counts.created, counts.updated, counts.unchanged, gone)


def _store_scheduled(connection: db.Connection, run: ProviderRun, provider_id: UUID) -> None:
    db.execute(
        connection,
        "store_scheduled",
        provider_id=provider_id,
        observed_at=run.observed_at,
        is_complete=run.is_complete,
        source_url=run.request_url,
        rows=plain_json([asdict(price) for price in run.scheduled]),
    )


def _is_as_it_was(run: ProviderRun, counts: _Counts) -> bool:
    """Whether the shipped recording says the same as before, so that there is nothing to correct."""
    is_alone = run.is_shipped and run.replayed_until is None
    return is_alone and not (counts.created or counts.updated or counts.converted or counts.past or counts.absent)


def _correct(connection: db.Connection, run: ProviderRun, values: Mapping[str, Any]) -> None:
    """Correct what this answer led to before, in history and, where it is still current, in the offers."""
    if not run.is_recorded:  # a corrected price may have begun at any time
        db.execute(connection, "store_reopen_market_days", observed_at=_LONG_AGO)
    db.execute(connection, "correct_mark", is_correction="on")
    db.execute(connection, "correct_segments", **values, is_complete=run.is_complete, replayed_until=run.replayed_until)
    db.execute(connection, "store_changes", **values)
    db.execute(connection, "correct_mark", is_correction="off")
    db.execute(connection, "correct_begin", **values)


def _still_there(run: ProviderRun) -> dict[str, list[str]]:
    """The keys of offers that are in the answer but can't be stored."""
    keys = [(one.instance_type, one.region) for one in run.held or ()]
    keys += [*run.unreadable, *(key for name in run.unmapped for key in name.keys)]
    return {"types": [key[0] for key in keys], "regions": [key[1] for key in keys]}


def _match(connection: db.Connection, run: ProviderRun, provider_id: UUID) -> _Counts:
    """Copy the run's offers into temporary tables and compare them with the stored ones."""
    _copy(connection, run.offers)
    what = {"provider_id": provider_id, "observed_at": run.observed_at, "is_recorded": run.is_recorded}
    if any(offer.kept_prices for offer in run.offers):
        db.execute(connection, "store_keep_prices", **what)
    (counts,) = db.rows(connection, "store_match", _Counts, **what, source_class=run.source_class)
    if counts.unknown:
        unknown = db.rows(connection, "store_unknown_gpus", _UnknownGpu)
        raise BuildError(f'{run.provider}: no GPU has the slug "{unknown[0].gpu_slug}"; add its row to sql/seed/')
    return counts


def _copy(connection: db.Connection, offers: Sequence[NormalisedOffer]) -> None:
    connection.execute(db.query("store_incoming"))
    with connection.cursor() as cursor, cursor.copy(db.query("store_copy")) as copy:
        for offer in offers:
            copy.write_row(_row(offer))
    connection.execute(db.query("store_analyze_incoming"))


def _row(offer: NormalisedOffer) -> list[Any]:
    """An offer's values in the order of its fields, in forms that PostgreSQL accepts."""
    values = [db.text(value) if isinstance(value, str) else value for value in _FIELDS(offer)]
    for place in _JSON_PLACES:
        if values[place] is not None:
            values[place] = plain_json(values[place])
    for place in _LIST_PLACES:
        values[place] = [db.text(text) for text in values[place]]
    return values


def _store_unmapped(connection: db.Connection, run: ProviderRun, provider_id: UUID) -> None:
    """Store the answer's unknown GPU names; of more than a thousand, those of most offers."""
    listed = run.unmapped[:_MANY]
    seen = {
        "provider_id": provider_id,
        "observed_at": run.observed_at,
        "names": [name.gpu_name for name in listed],
        "memories": [name.gpu_memory_gb for name in listed],
    }
    examples = [name.example_instance_type for name in listed]
    db.execute(connection, "store_unmapped", **seen, examples=examples, offers=[name.offers for name in listed])
    if run.status == "completed" and run.is_complete:
        db.execute(connection, "store_forget_unmapped", **seen)
