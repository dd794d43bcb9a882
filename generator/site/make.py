"""Makes pages: each is modelled, compared with what the last build made of it, rendered and staged.

Pages are independent of each other: they are made in shards, by this process, by several that are forked from it once
the short tables are read, or on a cluster (generator/site/cluster.py): the same functions, another executor.  The long
tables (offers, histories) are read shard by shard.
"""

import gc
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import cache, partial
from itertools import chain, islice
from multiprocessing import get_context
from operator import attrgetter
from typing import Any, NamedTuple

import orjson
import xxhash

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.gather import Snapshot
from generator.catalogue.slices import Note, SliceReader, take_notes
from generator.errors import BuildError
from generator.model.blocks import Figure
from generator.model.jsonld import JsonLd
from generator.model.page import Gate, Page
from generator.output.write import Staged
from generator.pages.registry import Key, PageType, page_types
from generator.site import links
from generator.site.built_pages import PageRecord
from generator.site.content import PageText, text_of
from generator.site.gates import Settled, settled
from generator.site.page_formats import documents
from generator.site.quick_check import QuickCheck
from generator.site.render import NOT_RENDERED, Rendered, Renderer

_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
SHARD = 250  # pages
MANY = 100  # so many pages read most rows of the short tables
ENOUGH = 1000  # pages for which it is worth to fork processes
_MOST_JOBS = 8  # unless told otherwise
LONG_TABLES = {
    "gpu": ("offers_by_gpu", "placed_by_gpu", "trends", "reference_trends"),
    "provider": ("offers_by_provider", "placed_by_provider"),
}


@dataclass(frozen=True, slots=True)
class ToMake:
    """A page to look at; one whose model is as `before` is left alone if `may_stay`."""

    page_type: PageType
    key: Key
    before: PageRecord | None = None
    may_stay: bool = False

    @property
    def path(self) -> str:
        """Its address."""
        return self.page_type.path(*self.key)


class Made(NamedTuple):
    """A page as made now; nothing is `staged` where its model came out the same.

    `text` is None then, and for a file that is no page.  `broken` are its links that lead nowhere, where pages are
    checked as they are made.
    """

    to_make: ToMake
    gate: Settled
    reads: frozenset[str]
    content_hash: str
    model_hash: str
    staged: tuple[Staged, ...]
    broken: list[str]
    newest: datetime | None
    text: PageText | None

    @property
    def files(self) -> dict[str, str]:
        """Its files in the output folder, with their hashes."""
        return {one.path: one.hash for one in self.staged}

    @property
    def is_made(self) -> bool:
        """Whether its files were made anew."""
        return bool(self.staged)

    @property
    def is_changed(self) -> bool:
        """Whether a file of it differs from the one in the output folder."""
        return any(one.changed for one in self.staged)


class Shard(NamedTuple):
    """The pages of a shard, and the aggregates that were computed for them."""

    made: list[Made]
    aggregates: dict[str, Note]


@dataclass(slots=True)
class Maker:
    """Makes pages from a catalogue, with a renderer; `stage` takes their files, `check` looks at each at once."""

    catalogue: Catalogue
    renderer: Renderer
    stage: Callable[[str, bytes], Staged]
    check: QuickCheck | None = None

    def shard(self, pages: Sequence[ToMake]) -> Shard:
        """The pages, and the aggregates behind them; long tables are read ahead, and forgotten afterwards."""
        self._read_ahead(pages)
        made = [self.page(one) for one in pages]
        return Shard(made, take_notes(self.catalogue))

    def page(self, one: ToMake) -> Made:
        """One page, staged if it differs."""
        page, reads = modelled(self.catalogue, self.renderer, one.page_type, one.key)
        page, gate = gated(page, one.before, self.catalogue.as_of)
        content_hash, model_hash = hashes(page)
        stays = one.may_stay and one.before is not None and one.before.model_hash == model_hash
        rendered = None if stays else self._rendered(page, one.page_type)
        return Made(
            one,
            gate,
            reads,
            content_hash,
            model_hash,
            self._staged(page, rendered, one.page_type) if rendered else (),
            self.check.broken(rendered.html) if rendered and self.check else [],
            page.newest,
            text_of(page, rendered, self.renderer.site) if rendered and one.page_type.has_html else None,
        )

    def _rendered(self, page: Page, page_type: PageType) -> Rendered:
        return self.renderer.rendered(page) if page_type.has_html else NOT_RENDERED

    def prepare(self) -> None:
        """Get ready for many pages: read all of the tables that most read something of, and check each at once."""
        self.check = QuickCheck(self.renderer.site.url, self.catalogue.addresses.has)
        for name, table in self.catalogue.tables.items():
            if name not in _long_tables():
                table.read_all()

    def forget(self) -> None:
        """Free the memory of all that only one shard needs."""
        self.catalogue.memo.clear()
        for name in _long_tables():
            self.catalogue.tables[name].forget()

    def _read_ahead(self, pages: Iterable[ToMake]) -> None:
        wanted = defaultdict[str, set[str]](set)
        for one in pages:
            for kind, slug in zip(one.page_type.about, one.key, strict=False):
                for name in (*LONG_TABLES[kind], *one.page_type.long_tables):
                    wanted[name].add(slug)
            for name in one.page_type.pair_tables:
                wanted[name].add("/".join(one.key))
            for name in one.page_type.last_tables:
                wanted[name].add(one.key[-1])
        for name, slugs in wanted.items():
            self.catalogue.tables[name].read_ahead(sorted(slugs))

    def _staged(self, page: Page, rendered: Rendered, page_type: PageType) -> tuple[Staged, ...]:
        return tuple(self.stage(*file) for file in documents(page, rendered, page_type.formats).items())


def _long_tables() -> set[str]:
    """The tables of which only a shard's rows are kept."""
    own = ((*kind.long_tables, *kind.pair_tables, *kind.last_tables) for kind in page_types())
    return set(chain.from_iterable((*LONG_TABLES.values(), *own)))


def modelled(catalogue: Catalogue, renderer: Renderer, page_type: PageType, key: Key) -> tuple[Page, frozenset[str]]:
    """A page's model, and the slices that it has read."""
    read = SliceReader(catalogue)
    page = page_type.page(read, JsonLd(renderer.site), *key)
    page = links.without_dead_links(page, read, renderer)
    return page, frozenset(read.reads)


def gated(page: Page, before: PageRecord | None, as_of: datetime) -> tuple[Page, Settled]:
    """The page with the gate that it has in this build, and that gate."""
    gate = settled(page.gate, before, as_of)
    return replace(page, gate=Gate(gate.state, gate.reasons)), gate


def in_shards(pages: Iterable[ToMake], size: int = SHARD) -> list[list[ToMake]]:
    """The pages in shards: those about one GPU or provider stay together, so that its tables are read once."""

    def subject(one: ToMake) -> tuple[str, ...]:
        return (*one.page_type.about[:1], *one.key[:1])

    ordered = iter(sorted(pages, key=lambda one: (subject(one), one.page_type.name, one.key)))
    return list(iter(lambda: list(islice(ordered, size)), []))


def usable_processors() -> int:
    """How many processors this process may use; 8 for more."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST_JOBS)


Executor = Callable[[Maker, list[list[ToMake]]], Iterator[Shard]]
"""Makes shards, and hands them on as they are done; their files are staged by then."""


def make(maker: Maker, pages: Sequence[ToMake], executor: Executor, enough: int) -> Iterator[Shard]:
    """Make the pages: by the executor if there are more than `enough`, else in this process, as one shard."""
    run, shards = (executor, in_shards(pages)) if len(pages) > enough else (here, [list(pages)])
    return run(maker, shards)


def here(maker: Maker, shards: list[list[ToMake]]) -> Iterator[Shard]:
    """Make shards in this process."""
    if sum(map(len, shards)) > MANY:
        maker.prepare()
    for shard in shards:
        yield maker.shard(shard)
        if len(shards) > 1:
            maker.forget()


Sent = tuple[list[tuple[Any, ...]], dict[str, Note]]
"""A shard on its way back to the build: without what the build knows of each page."""


def sent(maker: Maker, pages: Sequence[ToMake]) -> Sent:
    """A shard made in another process."""
    shard = maker.shard(pages)
    maker.forget()
    return [made[1:] for made in shard.made], shard.aggregates


def received(pages: Sequence[ToMake], made: Sent) -> Shard:
    """The shard of these pages as it was sent."""
    return Shard([Made(one, *rest) for one, rest in zip(pages, made[0], strict=True)], made[1])


def forked(snapshot: Snapshot, jobs: int) -> Executor:
    """What makes shards in so many processes, which are forked from this one and read the same snapshot."""
    return partial(_made_in_processes, snapshot, jobs) if jobs > 1 else here


def _made_in_processes(snapshot: Snapshot, jobs: int, maker: Maker, shards: list[list[ToMake]]) -> Iterator[Shard]:
    global _worker  # noqa: PLW0603 (inherited by the forked processes)
    maker.prepare()
    _worker = _Worker(maker, snapshot, shards)
    gc.collect()
    gc.freeze()
    try:
        with ProcessPoolExecutor(min(jobs, len(shards)), get_context("fork"), _begin, (os.getpid(),)) as pool:
            for shard, made in zip(shards, pool.map(_shard, range(len(shards))), strict=True):
                yield received(shard, made)
    except BrokenProcessPool:
        raise BuildError("a process that made pages was killed; is there enough memory?  Try --jobs 1") from None
    finally:
        _worker = None
        gc.unfreeze()


@dataclass(slots=True)
class _Worker:
    maker: Maker
    snapshot: Snapshot
    shards: list[list[ToMake]]


_worker: _Worker | None = None


def _begin(parent: int) -> None:
    """In a forked process: read the same snapshot through a connection of its own, and end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent(parent)
    _the_worker().snapshot.reopen()
    gc.disable()


def _shard(number: int) -> Sent:
    """A shard, as its number says."""
    worker = _the_worker()
    return sent(worker.maker, worker.shards[number])


def _the_worker() -> _Worker:
    if _worker is None:
        raise RuntimeError("not a process that was forked to make pages")
    return _worker


def _end_with_parent(parent: int) -> None:
    """On Linux, have the kernel end this process once its parent is gone."""
    import ctypes  # noqa: PLC0415

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def hashes(page: Page) -> tuple[str, str]:
    """The hash of a page's main content (without times, the frame, and charts, which move with the day), and of all."""
    charts, times = list[str](), list[datetime]()

    def plain(value: Any) -> Any:
        kind: Any = type(value)
        if kind is datetime:
            times.append(value)
            return ""
        if kind is bytes:
            return xxhash.xxh3_64_hexdigest(value)
        if kind is Figure:
            charts.append(value.svg)
            return value.title
        return _reader(kind)(value)

    shown = (page.title, page.heading, dict(page.words), page.body, page.graph, sorted(page.dead_links))
    said = orjson.dumps(shown, plain, _PLAIN)
    crumbs = [(crumb.name, crumb.path) for crumb in page.crumbs]
    stated = (page.description, page.page_type, page.gate.state)
    beside = orjson.dumps((*stated, crumbs, charts, times, page.newest, list(page.card)))
    return xxhash.xxh3_64_hexdigest(said), xxhash.xxh3_64_hexdigest(said + beside + orjson.dumps(page.offers))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What is hashed of a value of this class: the fields of a block, the digits of an amount."""
    if issubclass(kind, tuple):
        return tuple
    return attrgetter(*(field.name for field in fields(kind))) if is_dataclass(kind) else str
