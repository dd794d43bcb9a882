"""Runs all providers; one that fails stops no other."""

import asyncio
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast

import scrapers.providers
from scrapers import workers
from scrapers.captures import Capture, Request, replay
from scrapers.errors import PARSE_ERRORS, ScrapeError, SourceChanged, SourceUnavailable
from scrapers.offer import Offer, Provider
from scrapers.row_parser import LeftOut, Parsed, RowParser, UnreadableRow, in_words
from scrapers.sources import Fetch, Source

Clock = Callable[[], datetime]

AT_ONCE = 64
MOST_BYTES = 512 * 2**20
"""The most that all answers of a provider may have together, decompressed."""


class ProviderModule(Protocol):
    """A module of scrapers/providers; it also has `offers`, a `RowParser`, unless its source describes the rows."""

    PROVIDER: Provider
    SOURCE: Source


@dataclass(frozen=True, slots=True)
class Scraped:
    """A provider's run: its answers, what was made of them, and what went wrong.

    With an `error` there are no offers, only the captures that came before it.  Each row of the answer is in `offers`,
    `unreadable` or `left_out`.
    """

    provider: Provider
    started_at: datetime
    completed_at: datetime
    captures: list[Capture] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    unreadable: list[UnreadableRow] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    error: ScrapeError | None = None

    @property
    def observed_at(self) -> datetime:
        """The time of the answer, that of its newest part; for a recording, long before the run."""
        return max((capture.fetched_at for capture in self.captures), default=self.started_at)

    @property
    def is_recorded(self) -> bool:
        """Whether any part of it is a shipped recording."""
        return any(capture.is_recorded for capture in self.captures)

    @property
    def is_complete(self) -> bool:
        """Whether offers missing from the answer are gone: so where the key of each unreadable row is known."""
        return all(row.instance_type for row in self.unreadable)

    @property
    def retries(self) -> int:
        """How many attempts failed and were repeated."""
        return sum(capture.retries for capture in self.captures) + (self.error.retries if self.error else 0)

    @property
    def body_bytes(self) -> int:
        """The size of all answers, decompressed."""
        return sum(len(capture.body) for capture in self.captures)


def providers() -> list[ProviderModule]:
    """All modules of scrapers/providers, by their provider's slug."""
    found = pkgutil.iter_modules(scrapers.providers.__path__, "scrapers.providers.")
    modules = [cast("ProviderModule", importlib.import_module(info.name)) for info in found]
    return sorted(modules, key=lambda module: module.PROVIDER.slug)


async def scrape(module: ProviderModule, fetch: Fetch, *, clock: Clock, seconds: float | None = None) -> Scraped:
    """Fetch and parse one provider, within `seconds` or its own limit.  A ScrapeError is returned, not raised."""
    started_at = clock()
    captures: list[Capture] = []
    try:
        parsed = await _in_worker(module, _keeping(fetch, captures), seconds or module.PROVIDER.patience_seconds)
    except ScrapeError as error:
        return Scraped(module.PROVIDER, started_at, clock(), captures, error=error)
    rows = (parsed.offers, parsed.unreadable, parsed.left_out)
    return Scraped(module.PROVIDER, started_at, clock(), captures, *rows)


async def run(
    modules: Iterable[ProviderModule],
    fetch_for: Callable[[Provider], Fetch],
    on_done: Callable[[Scraped], Awaitable[None]],
    *,
    clock: Clock,
    at_once: int = AT_ONCE,
    seconds: float | None = None,
) -> None:
    """Scrape the providers concurrently, and await `on_done` with each as it is done, one at a time.

    A ScrapeError that `fetch_for` raises (no key, no recording) becomes that provider's error.  What `on_done` raises
    ends the run.
    """
    running, reporting = asyncio.Semaphore(at_once), asyncio.Lock()

    async def one(module: ProviderModule) -> None:
        async with running:
            try:
                fetch = fetch_for(module.PROVIDER)
            except ScrapeError as error:
                scraped = Scraped(module.PROVIDER, clock(), clock(), error=error)
            else:
                scraped = await scrape(module, fetch, clock=clock, seconds=seconds)
        async with reporting:
            await on_done(scraped)

    try:
        async with asyncio.TaskGroup() as group:
            for module in modules:
                group.create_task(one(module))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


def replayer(captures: Iterable[Capture]) -> Fetch:
    """A `Fetch` that answers from captures.  It raises SourceUnavailable for a request that isn't among them.

    The only capture of an address answers any request to it: a query may have been changed to ask for more fields.
    """
    by_identity = replay(captures)
    by_address: dict[tuple[str, str], list[Capture]] = {}
    for capture in by_identity.values():
        by_address.setdefault((capture.request.method, capture.request.url), []).append(capture)
    provider = next((capture.provider for capture in by_identity.values()), "replay")

    async def fetch(request: Request) -> Capture:
        alike = by_address.get((request.method, request.url), [])
        found = by_identity.get(request.identity) or (alike[0] if len(alike) == 1 else None)
        if found is None:
            problem = f"no recorded answer to {request.method} {request.url}; record it again"
            raise SourceUnavailable(provider, problem, code="not_recorded")
        return found

    return fetch


def _keeping(fetch: Fetch, captures: list[Capture]) -> Fetch:
    """A `Fetch` that appends its captures to a list.  It raises SourceUnavailable past MOST_BYTES."""

    async def keeping(request: Request) -> Capture:
        captures.append(await fetch(request))
        if sum(len(capture.body) for capture in captures) > MOST_BYTES:
            problem = f"{len(captures)} answers of more than {MOST_BYTES // 2**20} MB in all"
            raise SourceUnavailable(captures[-1].provider, problem, code="too_large", url=request.url)
        return captures[-1]

    return keeping


async def _in_worker(module: ProviderModule, fetch: Fetch, seconds: float) -> Parsed:
    """Do `fetch_and_parse` in a worker process, for so many seconds at most."""
    slug = module.PROVIDER.slug
    try:
        return await workers.run(partial(fetch_and_parse, module), fetch, seconds)
    except TimeoutError:
        problem = f"its answer was not fetched and read within {seconds:g} s"
        raise SourceUnavailable(slug, problem, code="timeout") from None
    except workers.WorkerDied:
        problem = "the process that read its answer ended before it was done: out of memory, or killed"
        raise SourceChanged(slug, problem) from None


async def fetch_and_parse(module: ProviderModule, fetch: Fetch) -> Parsed:
    """What became of each row of a provider's answer, read in this process, however long it takes.

    Raises a ScrapeError, whatever goes wrong.
    """
    slug = module.PROVIDER.slug
    try:
        document = await _document(module, fetch)
        return _parse(module, document)
    except MemoryError:
        problem = f"its answer takes more than {workers.MEMORY_BYTES // 2**30} GB of memory to read"
        raise SourceChanged(slug, problem) from None
    except ScrapeError:
        raise
    except Exception as error:
        raise SourceChanged(slug, f"its parser broke: {type(error).__name__}: {error!s:.200}") from error


async def _document(module: ProviderModule, fetch: Fetch) -> Any:
    try:
        return await module.SOURCE.document(fetch)
    except PARSE_ERRORS as error:
        raise SourceChanged(module.PROVIDER.slug, in_words(error)) from error


def _parse(module: ProviderModule, document: Any) -> Parsed:
    """What became of each row.  Raises SourceChanged where the answer can no longer be split into rows."""
    try:
        return row_parser(module).parse(document)
    except PARSE_ERRORS as error:
        raise SourceChanged(module.PROVIDER.slug, f"its answer is not what it was: {in_words(error)}") from error


def row_parser(module: ProviderModule) -> RowParser[Any]:
    """The parser of the provider's answers: that of the module itself, else the one that its source describes."""
    found: RowParser[Any] = getattr(module, "offers", None) or cast("Any", module.SOURCE).row_parser()
    return found
