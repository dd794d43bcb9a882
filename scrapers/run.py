"""Runs all providers and reports; one failing stops no other."""

import asyncio
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

import scrapers.providers
from scrapers.captures import Capture, Request, replay
from scrapers.errors import ScrapeError, SourceChanged, SourceUnavailable
from scrapers.offer import Offer, Provider, Rejected, collecting, sound
from scrapers.sources import Fetch, Source

Clock = Callable[[], datetime]

_PARSE_ERRORS = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    ArithmeticError,
    RecursionError,
    RuntimeError,  # a StopIteration inside a generator
)
_MOST_REJECTED = 1000
AT_ONCE = 64


class ProviderModule(Protocol):
    """A file of scrapers/providers: also `offers(document)`, where the source does not make them itself."""

    PROVIDER: Provider
    SOURCE: Source


@dataclass(frozen=True, slots=True)
class Scraped:
    """A provider's run: what was answered, what was made of it, and what went wrong.

    With an `error` there are no offers, but the captures that came before it.  `rejected` are the offers that
    were set aside one by one; the thousand first of them.
    """

    provider: Provider
    started_at: datetime
    completed_at: datetime
    captures: list[Capture] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
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


async def scrape(module: ProviderModule, fetch: Fetch, *, clock: Clock, seconds: float = 120) -> Scraped:
    """One provider, fetched and parsed, within its time limit.  A ScrapeError is returned, not raised."""
    started_at = clock()
    captures: list[Capture] = []

    async def kept(request: Request) -> Capture:
        captures.append(await fetch(request))
        return captures[-1]

    try:
        document = await _document(module, kept, seconds)
        offers, rejected = _parse(module, document)
    except ScrapeError as error:
        return Scraped(module.PROVIDER, started_at, clock(), captures, error=error)
    return Scraped(module.PROVIDER, started_at, clock(), captures, offers, rejected)


async def run(
    modules: Iterable[ProviderModule],
    fetch_for: Callable[[Provider], Fetch],
    on_done: Callable[[Scraped], Awaitable[None]],
    *,
    clock: Clock,
    at_once: int = AT_ONCE,
    seconds: float = 120,
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
    """A `Fetch` that answers from captures.  It raises SourceUnavailable for a request that isn't among them."""
    by_identity = replay(captures)
    provider = next((capture.provider for capture in by_identity.values()), "replay")

    async def fetch(request: Request) -> Capture:
        if request.identity not in by_identity:
            problem = f"no recorded answer to {request.method} {request.url}; record it again"
            raise SourceUnavailable(provider, problem, code="not_recorded")
        return by_identity[request.identity]

    return fetch


async def _document(module: ProviderModule, fetch: Fetch, seconds: float) -> Any:
    slug = module.PROVIDER.slug
    try:
        async with asyncio.timeout(seconds):
            return await module.SOURCE.document(fetch)
    except TimeoutError:
        raise SourceUnavailable(slug, f"no complete answer within {seconds:g} s", code="timeout") from None
    except _PARSE_ERRORS as error:
        raise SourceChanged(slug, _line(error)) from error


def _parse(module: ProviderModule, document: Any) -> tuple[list[Offer], list[Rejected]]:
    """The sound offers and the rejected ones.  Raises SourceChanged where not a single one is sound."""
    slug = module.PROVIDER.slug
    try:
        with collecting() as rejected:
            offers = sound(list(_offers(module, document)), rejected)
    except _PARSE_ERRORS as error:
        raise SourceChanged(slug, f"its answer is not what it was: {_line(error)}") from error
    if rejected and not offers:
        raise SourceChanged(slug, f"all {len(rejected)} offers are wrong, the first: {rejected[0].reason}")
    return offers, rejected[:_MOST_REJECTED]


def _offers(module: ProviderModule, document: Any) -> Iterator[Offer]:
    """From the module's own function, else from the rows that its source describes."""
    parse: Callable[[Any], Iterator[Offer]] | None = getattr(module, "offers", None)
    if parse is not None:
        yield from parse(document)
        return
    fields: Callable[[Any], Iterator[Mapping[str, Any]]] = cast("Any", module.SOURCE).fields
    for row in fields(document):
        yield Offer(**row)


def _line(error: Exception) -> str:
    """What was found, in one bounded line: `no "gpu_plans"`, `'abc' is not a price`."""
    if isinstance(error, KeyError) and error.args:
        return f"no {error.args[0]!r:.200}"
    said = str(error) or type(error).__name__
    kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
    return f"{kind}{' '.join(said.split()):.400}"
