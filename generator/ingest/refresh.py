"""One refresh: scrape all providers, normalise, check, and store each in its own transaction.

Live answers are fetched; the recording of a provider stands in where it can't be reached and has no live price stored,
unless that recording is stored already.  A provider that fails stops no other and keeps its last prices.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from generator.database import clocks, db, history, provider_regions, runs
from generator.database.clocks import Witnesses
from generator.errors import BuildError, DatabaseBusy
from generator.ingest import disagreements, evidence, store
from generator.ingest.interpretation import Interpretation, Knowledge
from generator.ingest.outcome import Options, Outcome, RefreshReport, Shown, StoredProvider
from generator.near_misses import nearest
from generator.settings import key_variable
from scrapers import captures, run, workers
from scrapers.errors import KeyMissing, ScrapeError, SourceUnavailable
from scrapers.normalise import HeldBack
from scrapers.offer import Provider
from scrapers.regions import regions
from scrapers.run import ProviderModule, Scraped
from scrapers.sources import Fetch

Clock = Callable[[], datetime]

CONFIRMED_LATELY = timedelta(hours=1)
_NO_ANSWER = {"unreachable", "stated", "not_recorded", "not_dated"}
_LISTED = 100  # offers held back that a job's report lists
_NAMED = 20  # unknown GPU names that an outcome lists
_AT_ONCE_RECORDED = 4  # recordings are never waited for: a few workers do, used again and again
_IMPATIENCE = "1s"  # for a lock, once one provider waited in vain: the others' turns may not come either
WORKER = f"{socket.gethostname()}:{os.getpid()}"
"""The process that runs a job, for `scrape_jobs.worker_id`."""


@dataclass(frozen=True, slots=True)
class _RunAsOf:
    """The instant that a finished run describes."""

    as_of: datetime


class _Lookups(ThreadPoolExecutor):
    """The threads that look up hosts' names: a lookup that nobody waits for any more does not delay the end."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave lookups that have begun to end by themselves."""
        super().shutdown(wait=False, cancel_futures=True)


@dataclass(slots=True)
class _Run:
    """A refresh under way."""

    connection: db.Connection
    options: Options
    version: str
    knowledge: Knowledge
    before: Mapping[str, StoredProvider]
    clock: Clock
    witnesses: Witnesses
    threads: ThreadPoolExecutor
    id: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def begin(self) -> None:
        """Enter the run in the database, before the first of its results is stored."""
        if not self.id:
            as_of = self.options.as_of or self.witnesses.now
            self.id = runs.start(self.connection, as_of, self.options.source, self.version)
            self.connection.commit()


def named(modules: Sequence[ProviderModule], names: Sequence[str]) -> list[ProviderModule]:
    """The named providers' modules, or all where none is named.  Raises BuildError for an unknown name."""
    known = {module.PROVIDER.slug for module in modules}
    for name in names:
        if name not in known:
            expected = nearest(name, sorted(known)) or f"the providers are {', '.join(sorted(known))}"
            raise BuildError(f'no provider is called "{name}"; {expected}')
    return [module for module in modules if not names or module.PROVIDER.slug in names]


def refresh(
    connection: db.Connection,
    options: Options,
    *,
    keys: Mapping[str, str],
    contact: str,
    version: str,
    clock: Clock,
    on_done: Callable[[Outcome, int], None] | None = None,
    modules: Sequence[ProviderModule] | None = None,
    fetch_for: Callable[[Provider], Fetch] | None = None,
    at_once: int | None = None,
    further: Sequence[Mapping[str, str]] = (),
    is_clock_known: bool = True,
) -> RefreshReport:
    """Bring the stored prices up to date; `on_done` is called with each outcome and the number of providers.

    `modules` are the providers to choose from, by default all of scrapers/providers.  `fetch_for` replaces the way of
    asking them that follows from the options.  `at_once` of them are asked at the same time, by default as many as
    makes the run faster.  `further` are readings to compare the prices with, beside those stored.  The run's `as_of` is
    its end; in a database that never held a live price, the time of the newest capture.

    A clock that is not known to be right has to agree with the database server's, the stored prices and most answers:
    raises WrongClock, with nothing stored, where it does not.  Raises BuildError for an `as_of` before what is stored.
    """
    now = clock()
    if not is_clock_known:
        clocks.require_servers(connection, now)
    asked = named(run.providers() if modules is None else modules, options.providers)
    before = stored_providers(connection)
    later_until = _later_until(before, now)
    _require_not_before(options.as_of, before, now)
    is_believed = is_clock_known or (options.source == "recorded" and later_until is None)
    witnesses = Witnesses(now, later_until, is_believed)
    due = [module for module in asked if witnesses.are_needed or _is_due(module.PROVIDER, options, before, now)]
    if due:
        workers.start()
    with ThreadPoolExecutor(1) as threads:
        under_way = _Run(connection, options, version, Knowledge(connection), before, clock, witnesses, threads)
        connection.commit()
        asking = _asking(under_way, due, fetch_for, keys, contact)
        asyncio.run(_scrape_all(due, under_way, asking, at_once, on_done))
    connection.patience = db.Connection.patience
    under_way.begin()
    as_of = _as_of(under_way)
    runs.finish(connection, under_way.id)
    provider_regions.learn(connection)
    connection.commit()
    over_at = min(as_of, clock())
    history.compact_if_free(connection, over_at)
    history.close_market_days(connection, over_at)
    second_opinion = disagreements.compare(connection, under_way.id, as_of, further)
    skipped = tuple(module.PROVIDER.slug for module in asked if module not in due)
    return RefreshReport(under_way.id, as_of, tuple(under_way.outcomes), second_opinion, skipped, later_until)


def stored_providers(connection: db.Connection) -> dict[str, StoredProvider]:
    """What is stored of each provider, by slug."""
    return {one.slug: one for one in db.rows(connection, "stored_providers", StoredProvider)}


def _is_due(provider: Provider, options: Options, stored: Mapping[str, StoredProvider], now: datetime) -> bool:
    before = stored.get(provider.slug)
    if options.force or options.source != "auto" or before is None or before.live_at is None:
        return True
    return not timedelta(0) <= now - before.live_at < CONFIRMED_LATELY


def _later_until(stored: Mapping[str, StoredProvider], now: datetime) -> datetime | None:
    """The newest instant at which live prices were confirmed, where it has not come yet."""
    later = [one.live_at for one in stored.values() if one.live_at and clocks.is_later(one.live_at, now)]
    return max(later, default=None)


def _require_not_before(as_of: datetime | None, stored: Mapping[str, StoredProvider], now: datetime) -> None:
    """Refuse an instant before the newest stored price, which a site of that instant can't show.  Raises BuildError."""
    confirmed = [at for one in stored.values() for at in (one.live_at, one.recorded_at)]
    newest = max((at for at in confirmed if at and not clocks.is_later(at, now)), default=None)
    if as_of and clocks.is_later(newest, as_of):
        raise _too_early(as_of, newest)


def _as_of(under_way: _Run) -> datetime:
    """The instant that the run describes.  Raises BuildError for a given one that is before the newest price."""
    what = {"run_id": under_way.id, "given": under_way.options.as_of, "now": under_way.clock()}
    (found,) = db.rows(under_way.connection, "run_as_of", _RunAsOf, **what)
    if (given := under_way.options.as_of) and clocks.is_later(found.as_of, given):
        under_way.connection.rollback()
        raise _too_early(given, found.as_of)
    return found.as_of


def _too_early(as_of: datetime, newest: datetime | None) -> BuildError:
    stored = f"prices from {clocks.stamp(newest)} are stored" if newest else ""
    return BuildError(f"--as-of {clocks.stamp(as_of)}: {stored}; expected that time or a later one, or none for now")


@asynccontextmanager
async def _asking(
    under_way: _Run,
    modules: Sequence[ProviderModule],
    fetch_for: Callable[[Provider], Fetch] | None,
    keys: Mapping[str, str],
    contact: str,
) -> AsyncIterator[Callable[[Provider], Fetch]]:
    """The way to ask each provider: its recording, or one HTTP client for all."""
    if fetch_for or under_way.options.source == "recorded":
        yield fetch_for or recorded_fetch
        return
    from scrapers.http import Client  # noqa: PLC0415 (saves a run without network 0.1 s)

    known = evidence.asked_before(under_way.connection, [module.PROVIDER.slug for module in modules])
    under_way.connection.commit()
    async with Client(contact=contact, clock=under_way.clock, keys=keys, key_name=key_variable, known=known) as client:
        yield client.fetch_for


async def _scrape_all(
    modules: Sequence[ProviderModule],
    under_way: _Run,
    asking: AbstractAsyncContextManager[Callable[[Provider], Fetch]],
    at_once: int | None,
    on_done: Callable[[Outcome, int], None] | None,
) -> None:
    by_slug = {module.PROVIDER.slug: module for module in modules}
    asyncio.get_running_loop().set_default_executor(_Lookups())

    async def done(scraped: Scraped) -> None:
        await finish(under_way.witnesses.let_through(scraped))

    async def finish(believed: Iterable[Scraped]) -> None:
        for scraped in believed:
            under_way.begin()
            outcome = await _finish(under_way, by_slug[scraped.provider.slug], scraped)
            under_way.outcomes.append(outcome)
            if on_done:
                on_done(outcome, len(modules))

    at_once = at_once or (_AT_ONCE_RECORDED if under_way.options.source == "recorded" else run.AT_ONCE)
    async with asking as fetch_for:
        await run.run(modules, fetch_for, done, clock=under_way.clock, at_once=at_once)
    await finish(under_way.witnesses.rest())


def recorded_fetch(provider: Provider) -> Fetch:
    """A `Fetch` that answers from the shipped recording.  Raises SourceUnavailable where there is none with a date."""
    recording = captures.recording(provider.slug)
    if recording is None:
        raise SourceUnavailable(provider.slug, "no recording ships for it", code="not_recorded")
    if not recording.is_dated:
        problem = "its recording has no date; it is for tests only and is not published"
        raise SourceUnavailable(provider.slug, problem, code="not_dated")
    return run.replayer(recording.captures)


async def _finish(under_way: _Run, module: ProviderModule, scraped: Scraped) -> Outcome:
    """Store a provider's answer, or its recording where it could not be reached."""
    provider, before = module.PROVIDER, under_way.before.get(module.PROVIDER.slug)
    if before is None:
        problem = f"{provider.slug}: no provider has this slug; add it to sql/seed/providers.yaml to store its prices"
        return Outcome(provider.slug, "none", problem, "no_seed", is_failure=True)

    def store_in_thread(one: Scraped) -> Awaitable[Outcome]:
        # In a thread of its own: the event loop's may all be looking up host names.
        return asyncio.get_running_loop().run_in_executor(under_way.threads, _store, under_way, one, before)

    outcome = await store_in_thread(scraped)
    if not _may_stand_in(under_way.options, provider, before, scraped.error):
        return outcome
    replayed = await store_in_thread(await run.scrape(module, recorded_fetch(provider), clock=under_way.clock))
    return replace(replayed, problem=outcome.problem, error_code=outcome.error_code) if replayed.found else replayed


def _may_stand_in(options: Options, provider: Provider, before: StoredProvider, error: ScrapeError | None) -> bool:
    """Whether the recording stands in for a provider that gave no answer."""
    is_absent = isinstance(error, SourceUnavailable | KeyMissing)
    return is_absent and options.source == "auto" and _recording_is_news(provider, before)


def _recording_is_news(provider: Provider, before: StoredProvider) -> bool:
    """Whether the shipped recording is new to the database, which has no live price of the provider either."""
    recording = captures.recording(provider.slug)
    if recording is None or not recording.is_dated or before.live_at is not None:
        return False
    shipped = {capture.sha256 for capture in recording.captures}
    return recording.recorded_at != before.recorded_at or not shipped.issuperset(before.recorded_bodies)


def _store(under_way: _Run, scraped: Scraped, before: StoredProvider) -> Outcome:
    """Store the offers that pass the checks, in a transaction of its own; a run without any leaves its job."""
    made = Interpretation()
    try:
        with store.failures_of(scraped.provider.slug):
            made = under_way.knowledge.interpret(scraped, corrects=_corrects(scraped, before))
            report = _store_run(under_way, scraped, made)
    except ScrapeError as error:  # the database refused an offer, or was busy
        made.error = error
        report = _noted(under_way, scraped, made)
    held = len(made.held or ())
    shown: Shown = "recorded" if scraped.is_recorded else "live"
    kept: Shown = "kept" if before.offers_n else "none"
    outcome = Outcome(
        provider=scraped.provider.slug,
        state=kept if held and not report.found else shown,
        found=made.checked.total if made.checked else 0,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        deactivated=report.deactivated,
        held_back=held,
        unmapped=tuple(name.gpu_name for name in made.unmapped[:_NAMED]),
        unmapped_n=len(made.unmapped),
        seconds=(scraped.completed_at - scraped.started_at).total_seconds(),
        bytes=scraped.body_bytes,
    )
    return _failed(outcome, made.error, under_way.options, before) if made.error else outcome


def _noted(under_way: _Run, scraped: Scraped, made: Interpretation) -> store.StoreReport:
    """Store the job of a run whose offers the database did not take; nothing where it is still busy."""
    under_way.connection.rollback()
    try:
        with store.failures_of(scraped.provider.slug):
            if isinstance(made.error, DatabaseBusy):
                under_way.connection.patience = _IMPATIENCE
                db.hurry(under_way.connection)
            return _store_run(under_way, scraped, made)
    except DatabaseBusy:
        under_way.connection.rollback()
        return store.StoreReport()


def _corrects(scraped: Scraped, before: StoredProvider) -> bool:
    """Whether this recording is no newer than the one stored, which it then replaces: the one that ships counts."""
    return scraped.is_recorded and before.recorded_at is not None and scraped.observed_at <= before.recorded_at


def _failed(outcome: Outcome, error: ScrapeError, options: Options, before: StoredProvider) -> Outcome:
    kept: Shown = "kept" if before.offers_n else "none"
    failed = _is_failure(error, options, before)
    return replace(outcome, state=kept, problem=error.message, error_code=error.error_code, is_failure=failed)


def _is_failure(error: ScrapeError, options: Options, before: StoredProvider) -> bool:
    """Whether a person has to look at it: not for a missing key or network, nor for stated rates."""
    if isinstance(error, KeyMissing):
        return False
    if isinstance(error, SourceUnavailable) and options.source == "live":
        return error.error_code != "stated"
    if isinstance(error, SourceUnavailable):
        return not before.offers_n and error.error_code not in _NO_ANSWER
    return True


def _store_run(under_way: _Run, scraped: Scraped, made: Interpretation) -> store.StoreReport:
    error, checked, held = made.error, made.checked, made.held
    unreadable = [(row.instance_type, regions().code(scraped.provider.slug, row.region)) for row in scraped.unreadable]
    last = scraped.captures[-1] if scraped.captures else None
    provider_run = store.ProviderRun(
        provider=scraped.provider.slug,
        source_class=scraped.provider.source_class,
        run_id=under_way.id,
        observed_at=scraped.observed_at,
        is_recorded=scraped.is_recorded,
        started_at=scraped.started_at,
        completed_at=scraped.completed_at,
        status=_status(error),
        captures=scraped.captures,
        offers=checked.offers if checked else (),
        scheduled=made.scheduled,
        unmapped=made.unmapped,
        held=held,
        agreed=checked.agreed if checked else (),
        unreadable=unreadable,
        is_complete=scraped.is_complete,
        corrects=made.corrects,
        is_shipped=scraped.is_recorded,
        later_than=scraped.completed_at + clocks.TOLERANCE,
        rejected=len(scraped.unreadable) if held is None else len(held),
        report={
            "found": checked.total if checked else 0,
            "rows": made.row_counts(scraped),
            "held_back": [_in_words(one) for one in (held or ())[:_LISTED]],
        },
        error_code=error.error_code if error else None,
        error_message=error.message if error else None,
        retry_count=scraped.retries,
        request_url=(error.url if error else None) or (last.request.url if last else None),
        response_status=(error.status if error else None) or (last.status if last else None),
        response_bytes=scraped.body_bytes if last else None,
        worker=WORKER,
    )
    report = store.store(under_way.connection, provider_run)
    under_way.connection.commit()
    return report


def _in_words(held: HeldBack) -> str:
    return f"{held.instance_type or 'the whole answer'}: {held.rule}: {held.detail}"


def _status(error: ScrapeError | None) -> store.Status:
    if error is None:
        return "completed"
    return error.error_code if error.error_code in {"timeout", "rate_limited"} else "failed"  # type: ignore[return-value]
