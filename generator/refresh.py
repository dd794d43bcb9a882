"""One refresh: scrape all providers, normalise, check, and store each in its own transaction.

Live answers are fetched; a provider that can't be reached and has no live price stored is read from its recording, if
that is newer than what is stored.  One failing provider stops no other and keeps its last prices.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from generator import db, store
from generator.errors import BuildError
from generator.rows import AliasRow, RateRow
from scrapers import captures, run
from scrapers.contract import Checked, check
from scrapers.errors import KeyMissing, ScrapeError, SourceUnavailable
from scrapers.http import Client
from scrapers.normalise import Alias, GpuNames, Normalised, Rates, normalise
from scrapers.offer import Provider
from scrapers.run import ProviderModule, Scraped
from scrapers.sources import Fetch

Source = Literal["auto", "live", "recorded"]
Clock = Callable[[], datetime]

CONFIRMED_LATELY = timedelta(hours=1)
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
class SettledRun:
    """The instant that a finished run describes."""

    as_of: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a provider.  `problem` is "" where all went well; `was_reached` is False without an answer."""

    provider: str
    state: Literal["live", "recorded", "kept", "failed"]
    problem: str = ""
    was_reached: bool = True
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
        """Providers that answered something that could not be stored, or have nothing stored at all."""
        return tuple(one for one in self.outcomes if one.state == "failed" or (one.problem and one.was_reached))


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """What a run needs to make offers comparable."""

    names: GpuNames
    states: Mapping[str, ProviderState]


@dataclass(slots=True)
class _Run:
    """A refresh under way."""

    connection: db.Connection
    id: int
    options: Options
    knowledge: _Knowledge
    clock: Clock
    outcomes: list[Outcome] = field(default_factory=list)


def modules_of(names: Sequence[str]) -> list[ProviderModule]:
    """The named providers' modules, or all.  Raises BuildError for a name that is none."""
    modules = run.providers()
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
) -> RefreshReport:
    """Bring the stored prices up to date; `on_done` hears of each provider with the number of all.

    The run's `as_of` is its start; in a database that never held a live price, the time of the newest capture.
    """
    started_at = options.as_of or clock()
    modules = modules_of(options.providers)
    knowledge = _knowledge(connection)
    due = [module for module in modules if _is_due(module.PROVIDER, options, knowledge.states, started_at)]
    run_id = store.start_run(connection, started_at, options.source, version)
    connection.commit()
    under_way = _Run(connection, run_id, options, knowledge, clock)

    async def done(scraped: Scraped, module: ProviderModule) -> None:
        outcome = await _finish(under_way, module, scraped)
        under_way.outcomes.append(outcome)
        if on_done:
            on_done(outcome, len(due))

    asyncio.run(_scrape_all(due, under_way, keys, contact, done))
    as_of = options.as_of or db.rows(connection, "run_settle", SettledRun, run_id=run_id)[0].as_of
    store.finish_run(connection, run_id)
    connection.commit()
    skipped = tuple(module.PROVIDER.slug for module in modules if module not in due)
    return RefreshReport(run_id, as_of, tuple(under_way.outcomes), skipped)


def _knowledge(connection: db.Connection) -> _Knowledge:
    aliases = [Alias(*astuple(row)) for row in db.rows(connection, "gpu_names", AliasRow)]
    return _Knowledge(
        names=GpuNames(aliases),
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
    done: Callable[[Scraped, ProviderModule], Awaitable[None]],
) -> None:
    by_slug = {module.PROVIDER.slug: module for module in modules}

    async def on_done(scraped: Scraped) -> None:
        await done(scraped, by_slug[scraped.provider.slug])

    if under_way.options.source == "recorded":
        await run.run(modules, _recorded, on_done, clock=under_way.clock)
        return
    async with Client(contact=contact, clock=under_way.clock, keys=keys) as client:
        await run.run(modules, client.fetch_for, on_done, clock=under_way.clock)


def _recorded(provider: Provider) -> Fetch:
    recording = captures.recording(provider.slug)
    if recording is None:
        raise SourceUnavailable(provider.slug, "no recording ships for it", code="not_recorded")
    return run.replayer(recording.captures)


async def _finish(under_way: _Run, module: ProviderModule, scraped: Scraped) -> Outcome:
    """Store what a provider answered; where it could not be reached, what its recording says."""
    provider, state = module.PROVIDER, under_way.knowledge.states.get(module.PROVIDER.slug)
    if state is None:
        problem = f"{provider.slug}: no row of this slug in sql/seed/; its prices can't be stored"
        return Outcome(provider.slug, "failed", problem)
    not_reached = isinstance(scraped.error, SourceUnavailable | KeyMissing)
    if not_reached and under_way.options.source == "auto" and _recording_is_newer(provider, state):
        _note(under_way, scraped)
        replayed = await run.scrape(module, _recorded(provider), clock=under_way.clock)
        return await asyncio.to_thread(_store, under_way, replayed, state, scraped.error)
    return await asyncio.to_thread(_store, under_way, scraped, state, None)


def _recording_is_newer(provider: Provider, state: ProviderState) -> bool:
    """Whether the shipped recording would bring something: nothing live is stored, and it is newer than what is."""
    recording = captures.recording(provider.slug)
    if recording is None or state.live_at is not None:
        return False
    return state.recorded_at is None or recording.recorded_at > state.recorded_at


def _store(under_way: _Run, scraped: Scraped, state: ProviderState, unreached: ScrapeError | None) -> Outcome:
    slug, error = scraped.provider.slug, scraped.error
    normalised, checked = Normalised([], []), Checked([], [])
    if error is None:
        try:
            on = max(capture.fetched_at for capture in scraped.captures).date()
            rates = _rates(under_way.connection, on)
            normalised = normalise(scraped.offers, under_way.knowledge.names, rates, on, provider=slug)
            checked = check(scraped.provider, normalised, state.offers_n or None)
        except ScrapeError as refused:
            error = refused
    report = _stored(under_way, scraped, normalised, checked, error)
    if error is not None:
        return Outcome(slug, "kept" if state.offers_n else "failed", error.message, not _is_absence(error))
    return Outcome(
        provider=slug,
        state="recorded" if scraped.captures[0].is_recorded else "live",
        problem=unreached.message if unreached else "",
        was_reached=unreached is None,
        found=report.found,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        deactivated=report.deactivated,
        held_back=len(checked.held) + len(scraped.rejected),
        unmapped=tuple(name.gpu_name for name in normalised.unmapped),
    )


def _rates(connection: db.Connection, on: date) -> Rates:
    found = db.rows(connection, "exchange_rates", RateRow, on_date=on)
    return Rates((rate.currency, rate.rate_date, rate.usd_per_unit) for rate in found)


def _is_absence(error: ScrapeError) -> bool:
    return isinstance(error, SourceUnavailable | KeyMissing)


def _note(under_way: _Run, scraped: Scraped) -> None:
    """A run that brought nothing leaves its scrape_jobs row all the same."""
    _stored(under_way, scraped, Normalised([], []), Checked([], []), scraped.error)


def _stored(
    under_way: _Run, scraped: Scraped, normalised: Normalised, checked: Checked, error: ScrapeError | None
) -> store.StoreReport:
    held = [f"{one.instance_type}: {one.rule}: {one.detail}" for one in checked.held]
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
        offers=checked.offers,
        unmapped=normalised.unmapped,
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
