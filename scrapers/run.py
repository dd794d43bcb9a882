"""Runs all providers and reports; one failing stops no other."""

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
from scrapers.errors import ScrapeError, SourceChanged, SourceUnavailable
from scrapers.offer import Offer, Provider
from scrapers.row_parser import PARSE_ERRORS, LeftOut, Parsed, RowParser, UnreadableRow, said
from scrapers.sources import Fetch, Source

Clock = Callable[[], datetime]

AT_ONCE = 64
MOST_BYTES = 512 * 2**20
"""What all answers of a provider may have together, decompressed."""


class ProviderModule(Protocol):
    """A file of scrapers/providers: also `offers`, a `RowParser`, where the source does not make them itself."""

    PROVIDER: Provider
    SOURCE: Source


@dataclass(frozen=True, slots=True)
class Scraped:
    """A provider's run: what was answered, what was made of it, and what went wrong.

    With an `error` there are no offers, but the captures that came before it.  Each row of the answer is in `offers`,
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
        """When the answer stood: at the time of its newest part, of a recording long before the run."""
        return max((capture.fetched_at for capture in self.captures), default=self.started_at)

    @property
    def is_recorded(self) -> bool:
        """Whether any part of it is a shipped recording."""
        return any(capture.is_recorded for capture in self.captures)

    @property
    def is_complete(self) -> bool:
        """Whether what the answer does not have is not for rent: each unreadable row says which offer it was to be."""
        return all(row.instance_type for row in self.unreadable)

    @property
    def retries(self) -> int:
        """How many requests had to be sent again."""
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
    """One provider, fetched and parsed, in `seconds` or its own time limit.  A ScrapeError is returned, not raised."""
    started_at = clock()
    captures: list[Capture] = []
    try:
        parsed = await _parsed(module, _keeping(fetch, captures), seconds or module.PROVIDER.patience_seconds)
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
    """Scrapes the providers concurrently, and awaits `on_done` with each as it is done, one at a time.

    `fetch_for` may raise a ScrapeError (no key, no recording): it becomes that provider's.  What `on_done`
    raises ends the run.
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

    Of one query to an address the answer is that of its earlier wording: it may now ask for more fields.
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
    """A `Fetch` that keeps what it brings, as long as that is not more than anybody has to say."""

    async def keeping(request: Request) -> Capture:
        captures.append(await fetch(request))
        if sum(len(capture.body) for capture in captures) > MOST_BYTES:
            problem = f"{len(captures)} answers of more than {MOST_BYTES // 2**20} MB in all"
            raise SourceUnavailable(captures[-1].provider, problem, code="too_large", url=request.url)
        return captures[-1]

    return keeping


async def _parsed(module: ProviderModule, fetch: Fetch, seconds: float) -> Parsed:
    """As `walk`, in a process of its own that ends after so many seconds."""
    slug = module.PROVIDER.slug
    try:
        return await workers.run(partial(walk, module), fetch, seconds)
    except TimeoutError:
        problem = f"its answer was not fetched and read within {seconds:g} s"
        raise SourceUnavailable(slug, problem, code="timeout") from None
    except workers.WorkerDied:
        problem = "the process that read its answer ended before it was done: out of memory, or killed"
        raise SourceChanged(slug, problem) from None


async def walk(module: ProviderModule, fetch: Fetch) -> Parsed:
    """What becomes of each row of a provider's answer, read in this process, however long it takes.

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
        raise SourceChanged(module.PROVIDER.slug, said(error)) from error


def _parse(module: ProviderModule, document: Any) -> Parsed:
    """What became of each row.  Raises SourceChanged where the answer does not fall into rows any more."""
    try:
        return row_parser(module).parse(document)
    except PARSE_ERRORS as error:
        raise SourceChanged(module.PROVIDER.slug, f"its answer is not what it was: {said(error)}") from error


def row_parser(module: ProviderModule) -> RowParser[Any]:
    """How the provider's answers are read: by the module itself, else as its source describes."""
    found: RowParser[Any] = getattr(module, "offers", None) or cast("Any", module.SOURCE).row_parser()
    return found
