"""How long a refresh of all providers takes, with slow answers: all at once, and one after the other.

The recorded answers are parsed, checked and stored, in each case in a database that is made for it and dropped again.
"""

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from generator.bench.database import scratch
from generator.database import db, migrations, seeds
from generator.errors import BuildError
from generator.ingest import outcome, refresh
from scrapers import captures, run
from scrapers.captures import Capture, Request
from scrapers.offer import Provider
from scrapers.sources import Fetch


@dataclass(frozen=True, slots=True)
class RefreshTimes:
    """The seconds of the same refresh done both ways; `peak_mb` is the most memory that this process used at once."""

    providers: int
    offers: int
    answer_seconds: float
    at_once: float
    one_by_one: float
    peak_mb: float

    @property
    def share(self) -> float:
        """The time at once as a share of the time one by one."""
        return self.at_once / self.one_by_one


def measure(conninfo: str, answer_seconds: float, progress: Callable[[str], None] = lambda _: None) -> RefreshTimes:
    """Time both refreshes; the memory is measured after the first, in which all providers are asked at once."""
    modules = [module for module in run.providers() if _is_published(module.PROVIDER)]
    progress(f"{len(modules)} providers at once")
    at_once, report = _timed(conninfo, modules, answer_seconds, run.AT_ONCE)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    progress("one by one")
    one_by_one, again = _timed(conninfo, modules, answer_seconds, 1)
    found = [sum(one.found for one in done.outcomes) for done in (report, again)]
    if found[0] != found[1]:
        raise BuildError(f"bench: {found[0]} offers at once, {found[1]} one by one; the runs did different work")
    return RefreshTimes(len(modules), found[0], answer_seconds, at_once, one_by_one, peak)


def _is_published(provider: Provider) -> bool:
    recording = captures.recording(provider.slug)
    return recording is not None and recording.is_dated


def _timed(
    conninfo: str, modules: list[run.ProviderModule], answer_seconds: float, at_once: int
) -> tuple[float, outcome.RefreshReport]:
    with scratch(conninfo, f"sources_{at_once}") as database:
        migrations.migrate(database)
        with db.connect(database) as connection:
            seeds.seed(connection)
            seeds.exchange_rates(connection)
            connection.commit()
            start = perf_counter()
            report = refresh.refresh(
                connection,
                outcome.Options(source="recorded"),
                keys={},
                contact="bench",
                version="bench",
                clock=lambda: datetime.now(UTC),
                modules=modules,
                fetch_for=lambda provider: _slowly(refresh.recorded_fetch(provider), answer_seconds),
                at_once=at_once,
            )
            return perf_counter() - start, report


def _slowly(fetch: Fetch, seconds: float) -> Fetch:
    async def fetch_slowly(request: Request) -> Capture:
        await asyncio.sleep(seconds)
        return await fetch(request)

    return fetch_slowly
