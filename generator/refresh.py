"""One refresh: scrape all providers, normalise, check, and store each in its own transaction.

Live answers are fetched; a provider that can't be reached and has no live price stored is read from its recording, if
that is newer than what is stored.  One failing provider stops no other and keeps its last prices.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from generator import db, history, store
from generator.errors import BuildError
from generator.rows import AliasRow, RateRow
from generator.settings import key_variable
from scrapers import captures, run
from scrapers.contract import Band, Bands, Checked, check
from scrapers.errors import KeyMissing, ScrapeError, SourceUnavailable
from scrapers.normalise import Alias, GpuNames, Normalised, Rates, normalise
from scrapers.offer import Provider
from scrapers.run import ProviderModule, Scraped
from scrapers.sources import Fetch

Source = Literal["auto", "live", "recorded"]
State = Literal["live", "recorded", "kept", "none"]
Clock = Callable[[], datetime]

CONFIRMED_LATELY = timedelta(hours=1)
BEYOND_REASON = 8  # so many times above the highest price known of a GPU, or below the lowest: cents read as dollars
_TOLD = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What to refresh, and from where.  `force` fetches also what was confirmed within the hour."""

    source: Source = "auto"
    providers: tuple[str, ...] = ()
    force: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What is stored of a provider."""

    slug: str
    offers_n: int
    live_at: datetime | None
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownPrices:
    """What a GPU was ever let for, in US dollars per GPU-hour."""

    gpu_slug: str
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True, slots=True)
class SettledRun:
    """The instant that a finished run describes."""

    as_of: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a provider.

    `state` says what it is shown with: prices read now, live or from its recording, its last ones ("kept"), or none.
    `problem` is "" where all went well, else the error's line, with its code in `error_code`.  `is_failure` tells
    what somebody has to look at from what is only absent: a key, or in "auto" a network.
    """

    provider: str
    state: State
    problem: str = ""
    error_code: str | None = None
    is_failure: bool = False
    found: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    held_back: int = 0
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh brought; `skipped` were confirmed within the hour."""

    run_id: int
    as_of: datetime
    outcomes: tuple[Outcome, ...]
    skipped: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that somebody has to look at."""
        return tuple(one for one in self.outcomes if one.is_failure)


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """What a run needs to make offers comparable, and to believe them."""

    names: GpuNames
    bands: Bands
    states: Mapping[str, ProviderState]


class _Lookups(ThreadPoolExecutor):
    """The threads in which hosts' names are looked up: what none waits for any more does not hold up the end."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let lookups that have begun end by themselves."""
        super().shutdown(wait=False, cancel_futures=True)


@dataclass(slots=True)
class _Read:
    """What was made of an answer."""

    normalised: Normalised
    checked: Checked


@dataclass(slots=True)
class _Run:
    """A refresh under way."""

    connection: db.Connection
    id: int
    options: Options
    knowledge: _Knowledge
    clock: Clock
    threads: ThreadPoolExecutor
    rates: dict[date, Rates] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


def named(modules: Sequence[ProviderModule], names: Sequence[str]) -> list[ProviderModule]:
    """The named providers' modules, or all.  Raises BuildError for a name that is none."""
    known = {module.PROVIDER.slug for module in modules}
    for name in names:
        if name not in known:
            raise BuildError(f'no provider is called "{name}"; known are {", ".join(sorted(known))}')
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
) -> RefreshReport:
    """Bring the stored prices up to date; `on_done` hears of each provider with the number of all.

    `modules` are the providers there are, by default all of scrapers/providers.  The run's `as_of` is its start; in a
    database that never held a live price, the time of the newest capture.
    """
    now = clock()
    asked = named(run.providers() if modules is None else modules, options.providers)
    knowledge = _knowledge(connection)
    due = [module for module in asked if _is_due(module.PROVIDER, options, knowledge.states, now)]
    run_id = store.start_run(connection, options.as_of or now, options.source, version)
    connection.commit()
    with ThreadPoolExecutor(1) as threads:
        under_way = _Run(connection, run_id, options, knowledge, clock, threads)
        asyncio.run(_scrape_all(due, under_way, keys, contact, on_done))
    as_of = options.as_of or db.rows(connection, "run_settle", SettledRun, run_id=run_id)[0].as_of
    store.finish_run(connection, run_id)
    connection.commit()
    history.pack(connection, as_of)
    history.settle(connection, as_of)
    skipped = tuple(module.PROVIDER.slug for module in asked if module not in due)
    return RefreshReport(run_id, as_of, tuple(under_way.outcomes), skipped)


def _knowledge(connection: db.Connection) -> _Knowledge:
    aliases = [Alias(*astuple(row)) for row in db.rows(connection, "gpu_names", AliasRow)]
    prices = db.rows(connection, "known_prices", KnownPrices)
    bands = {one.gpu_slug: Band(one.lowest / BEYOND_REASON, one.highest * BEYOND_REASON) for one in prices}
    return _Knowledge(
        names=GpuNames(aliases),
        bands=Bands(by_gpu=bands),
        states={state.slug: state for state in db.rows(connection, "provider_states", ProviderState)},
    )


def _is_due(provider: Provider, options: Options, states: Mapping[str, ProviderState], now: datetime) -> bool:
    state = states.get(provider.slug)
    if options.force or options.source != "auto" or state is None or state.live_at is None:
        return True
    return now - state.live_at >= CONFIRMED_LATELY


async def _scrape_all(
    modules: Sequence[ProviderModule],
    under_way: _Run,
    keys: Mapping[str, str],
    contact: str,
    on_done: Callable[[Outcome, int], None] | None,
) -> None:
    by_slug = {module.PROVIDER.slug: module for module in modules}
    asyncio.get_running_loop().set_default_executor(_Lookups())

    async def done(scraped: Scraped) -> None:
        outcome = await _finish(under_way, by_slug[scraped.provider.slug], scraped)
        under_way.outcomes.append(outcome)
        if on_done:
            on_done(outcome, len(modules))

    if under_way.options.source == "recorded":
        await run.run(modules, _recorded, done, clock=under_way.clock)
        return
    from scrapers.http import Client  # noqa: PLC0415 (0.1 s that a run without a network saves)

    async with Client(contact=contact, clock=under_way.clock, keys=keys, key_name=key_variable) as client:
        await run.run(modules, client.fetch_for, done, clock=under_way.clock)


def _recorded(provider: Provider) -> Fetch:
    recording = captures.recording(provider.slug)
    if recording is None:
        raise SourceUnavailable(provider.slug, "no recording ships for it", code="not_recorded")
    if not recording.is_dated:
        problem = "its recording says of no day that its prices were true then; it serves tests and is not published"
        raise SourceUnavailable(provider.slug, problem, code="not_dated")
    return run.replayer(recording.captures)


async def _finish(under_way: _Run, module: ProviderModule, scraped: Scraped) -> Outcome:
    """Store what a provider answered; where it could not be reached, what its recording says."""
    provider, state = module.PROVIDER, under_way.knowledge.states.get(module.PROVIDER.slug)
    if state is None:
        problem = f"{provider.slug}: no row of this slug in sql/seed/; its prices can't be stored"
        return Outcome(provider.slug, "none", problem, "no_seed", is_failure=True)

    def stored(one: Scraped) -> Awaitable[Outcome]:
        # In a thread of its own: the loop's are taken while the names of hosts are looked up.
        return asyncio.get_running_loop().run_in_executor(under_way.threads, _store, under_way, one, state)

    outcome = await stored(scraped)
    if not _may_stand_in(under_way.options, provider, state, scraped.error):
        return outcome
    replayed = await stored(await run.scrape(module, _recorded(provider), clock=under_way.clock))
    return replace(replayed, problem=outcome.problem, error_code=outcome.error_code) if replayed.found else replayed


def _may_stand_in(options: Options, provider: Provider, state: ProviderState, error: ScrapeError | None) -> bool:
    """Whether the recording is read in place of a provider that gave no answer."""
    is_absent = isinstance(error, SourceUnavailable | KeyMissing)
    return is_absent and options.source == "auto" and _recording_is_newer(provider, state)


def _recording_is_newer(provider: Provider, state: ProviderState) -> bool:
    """Whether the shipped recording would bring something: nothing live is stored, and it is newer than what is."""
    recording = captures.recording(provider.slug)
    if recording is None or not recording.is_dated or state.live_at is not None:
        return False
    return state.recorded_at is None or recording.recorded_at > state.recorded_at


def _store(under_way: _Run, scraped: Scraped, state: ProviderState) -> Outcome:
    slug, read = scraped.provider.slug, _Read(Normalised([], []), Checked([], []))
    try:
        if scraped.error is not None:
            raise scraped.error
        _understand(under_way, scraped, state, read)
        report = _stored(under_way, scraped, read, None)
    except ScrapeError as error:
        _stored(under_way, scraped, read, error)
        failed = _is_failure(error, under_way.options, state)
        kept: State = "kept" if state.offers_n else "none"
        return Outcome(slug, kept, error.message, error.error_code, failed, unmapped=_names(read))
    return Outcome(
        provider=slug,
        state="recorded" if scraped.captures[0].is_recorded else "live",
        found=report.found,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        deactivated=report.deactivated,
        held_back=len(read.checked.held) + len(scraped.rejected),
        unmapped=_names(read),
    )


def _names(read: _Read) -> tuple[str, ...]:
    return tuple(name.gpu_name for name in read.normalised.unmapped)


def _understand(under_way: _Run, scraped: Scraped, state: ProviderState, read: _Read) -> None:
    """Fill in `read`, as far as it goes.  Raises a ScrapeError for offers that can't be compared or believed."""
    on = max(capture.fetched_at for capture in scraped.captures).date()
    rates, slug = _rates(under_way, on), scraped.provider.slug
    read.normalised = normalise(scraped.offers, under_way.knowledge.names, rates, on, provider=slug)
    read.checked = check(scraped.provider, read.normalised, state.offers_n or None, under_way.knowledge.bands)


def _is_failure(error: ScrapeError, options: Options, state: ProviderState) -> bool:
    if isinstance(error, KeyMissing):
        return False
    if isinstance(error, SourceUnavailable):
        return options.source == "live" or not state.offers_n
    return True


def _rates(under_way: _Run, on: date) -> Rates:
    if on not in under_way.rates:
        found = db.rows(under_way.connection, "exchange_rates", RateRow, on_date=on)
        under_way.rates[on] = Rates((rate.currency, rate.rate_date, rate.usd_per_unit) for rate in found)
    return under_way.rates[on]


def _stored(under_way: _Run, scraped: Scraped, read: _Read, error: ScrapeError | None) -> store.StoreReport:
    """A run that brought nothing leaves its scrape_jobs row all the same."""
    held = [f"{one.instance_type}: {one.rule}: {one.detail}" for one in read.checked.held]
    rejected = [one.reason for one in scraped.rejected]
    last = scraped.captures[-1] if scraped.captures else None
    provider_run = store.ProviderRun(
        provider=scraped.provider.slug,
        source_class=scraped.provider.source_class,
        run_id=under_way.id,
        observed_at=max((capture.fetched_at for capture in scraped.captures), default=scraped.started_at),
        is_recorded=any(capture.is_recorded for capture in scraped.captures),
        started_at=scraped.started_at,
        completed_at=scraped.completed_at,
        status=_status(error),
        captures=scraped.captures,
        offers=read.checked.offers,
        unmapped=read.normalised.unmapped,
        rejected=len(held) + len(rejected),
        report={"held_back": held[:_TOLD], "rejected": rejected[:_TOLD]},
        error_code=error.error_code if error else None,
        error_message=error.message if error else None,
        request_url=last.request.url if last else None,
        response_status=last.status if last else None,
        response_bytes=scraped.body_bytes or None,
    )
    report = store.store(under_way.connection, provider_run)
    under_way.connection.commit()
    return report


def _status(error: ScrapeError | None) -> store.Status:
    if error is None:
        return "completed"
    return error.error_code if error.error_code in {"timeout", "rate_limited"} else "failed"  # type: ignore[return-value]
