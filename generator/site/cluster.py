"""Shards of pages made by the workers of a Dask cluster: the same functions as in this process, on other machines.

A worker has the same code, reads the build's snapshot of the database through a connection of its own, and hands back
the pages with their files, which the build stages as they come.  Whatever a worker had not handed back when it was
lost, another one makes.
"""

import gc
import logging
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from generator.catalogue.gather import Snapshot, gather
from generator.catalogue.slices import Computed, Note
from generator.catalogue.views.link_targets import leads_to
from generator.errors import BuildError, DatabaseUnreachable
from generator.formats import some
from generator.model.page import Site
from generator.output import disk
from generator.output.write import Staged
from generator.pages.registry import page_types
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.texts import ReviewedText
from generator.site import code_versions, links
from generator.site.make import Executor, Maker, Sent, Shard, ToMake, received, sent
from generator.site.render import Renderer

if TYPE_CHECKING:
    from distributed import Client, Future

_AT_ONCE = 2  # shards for each thread of a worker: one is made, one waits
_RETRIES = 2  # of a shard that failed, such as without a connection; that a worker was lost doesn't count
_PATIENCE = 30  # seconds: for a worker to come, or to come back

Files = dict[str, bytes]
Put = Callable[[Files], None]
"""Puts files into a store; has to be picklable."""


def version() -> str:
    """The version of all code, and of the libraries that pages are made with, as they are in this checkout now."""
    of_types = code_versions.of_page_types(kind.name for kind in page_types())
    return f"{code_versions.of_everything()} {disk.hashed(repr(sorted(of_types.items())).encode())}"


_AT_START = version()  # the checkout may change later, and then no longer has what this process runs


def versions() -> set[str]:
    """The versions of what this process runs, and of what its checkout has."""
    return {_AT_START, version()}


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker has to know of a build.

    `links`: where some links lead, as recorded; to find that out, their targets would have to be made.  `put`: what
    puts new files to where they will be published.
    """

    snapshot: Snapshot
    as_of: datetime
    site: Site
    texts: Sequence[ReviewedText]
    methodology: str
    versions: Sequence[MethodologyVersion]
    links: Mapping[Any, Computed]
    put: Put | None

    @classmethod
    def of(cls, maker: Maker, snapshot: Snapshot, put: Put | None) -> "Order":
        """For the pages of this maker."""
        catalogue = maker.catalogue
        recorded = {key: found for key, found in catalogue.aggregates.items() if key[0] == leads_to.name}
        site, texts = maker.renderer.site, catalogue.texts
        versions = tuple(catalogue.methodology_versions.values())
        methodology = catalogue.methodology_source
        return cls(snapshot, catalogue.as_of, site, texts, methodology, versions, recorded, put)


@dataclass(frozen=True, slots=True, repr=False)
class Parcel:
    """A shard to make, with its build's order.  Nobody opens it on the way, or shows it: it may have a password."""

    build: str
    code: str
    order: bytes
    number: int
    pages: bytes


@dataclass(slots=True)
class Worker:
    """Makes a build's shards in a worker's process; the short tables are read once.

    `notes` has those of each shard: one that is made again has its aggregates at hand, and hands back the same notes.
    """

    build: str
    order: Order
    maker: Maker | None = None
    files: Files = field(default_factory=dict)
    notes: dict[int, dict[str, Note]] = field(default_factory=dict)

    def shard(self, number: int, pages: Sequence[ToMake]) -> tuple[Sent, Files]:
        """A shard, with its files by path."""
        with self.order.snapshot.reopened():
            self.maker = self.maker or self._maker()
            self.files = {}
            made, notes = sent(self.maker, pages)
            if self.order.put:
                self.order.put(_new(self.files, pages))
            return (made, self.notes.setdefault(number, notes)), self.files

    def _maker(self) -> Maker:
        order, renderer = self.order, Renderer(self.order.site)
        gathered = gather(order.snapshot, order.as_of, order.texts, order.methodology, order.versions)
        catalogue = links.with_anchors(gathered, renderer)
        catalogue.aggregates.update(order.links)
        maker = Maker(catalogue, renderer, self._stage)
        maker.prepare()
        return maker

    def _stage(self, path: str, data: bytes) -> Staged:
        self.files[path] = data
        return Staged(path, "", changed=True)


def _new(files: Files, pages: Sequence[ToMake]) -> Files:
    """The files that are not as the last build recorded them."""
    known = {path: digest for one in pages if one.before for path, digest in one.before.files.items()}
    return {path: data for path, data in files.items() if known.get(path) != disk.hashed(data)}


_worker: Worker | None = None
_turn = Lock()  # a worker's threads share its catalogue


def made(parcel: Parcel) -> tuple[Sent, Files]:
    """A shard, made in a worker's process.  After an error nothing of the build is kept there."""
    global _worker  # noqa: PLW0603
    with _turn:
        worker, _worker = _worker, None
        if worker is None or worker.build != parcel.build:
            worker = None
            gc.collect()  # the catalogue of the build before
            worker = _begun(parcel)
        try:
            done = worker.shard(parcel.number, pickle.loads(parcel.pages))  # noqa: S301 (of our own build)
        except DatabaseUnreachable as error:
            raise BuildError(f"{_own_address()}, a worker of the cluster: {error.message}") from None
        _worker = worker
        return done


def _begun(parcel: Parcel) -> Worker:
    """A worker for a build that is new here."""
    if versions() != {parcel.code}:
        raise BuildError(_other_code([_own_address()]))
    return Worker(parcel.build, pickle.loads(parcel.order))  # noqa: S301


def _own_address() -> str:
    from distributed import get_worker  # noqa: PLC0415

    return str(get_worker().address)


def on_cluster(address: str, snapshot: Snapshot, put: Put | None) -> Executor:
    """What makes shards on the cluster whose scheduler is at this address, such as tcp://10.0.0.5:8786."""
    return partial(_made_on_cluster, address, snapshot, put)


def _made_on_cluster(
    address: str, snapshot: Snapshot, put: Put | None, maker: Maker, shards: list[list[ToMake]]
) -> Iterator[Shard]:
    build, order = uuid4().hex, pickle.dumps(Order.of(maker, snapshot, put))
    parcels = (Parcel(build, _AT_START, order, number, pickle.dumps(pages)) for number, pages in enumerate(shards))
    with _client(address) as client:
        _refuse_other_code(client)
        for number, (shard, files) in _results(client, parcels):
            yield _staged(maker, received(shards[number], shard), files)


def _staged(maker: Maker, shard: Shard, files: Files) -> Shard:
    """The shard, its files staged."""

    def stage(staged: Sequence[Staged]) -> tuple[Staged, ...]:
        return tuple(maker.stage(one.path, files[one.path]) for one in staged)

    return Shard([one._replace(staged=stage(one.staged)) for one in shard.made], shard.aggregates)


def _results(client: "Client", parcels: Iterator[Parcel]) -> Iterator[tuple[int, tuple[Sent, Files]]]:
    """The shards by number, as they are made; no more are begun than the workers need to have enough to do."""
    running: dict[Future[Any], int] = {}
    while True:
        room = _AT_ONCE * sum(client.nthreads().values()) - len(running)
        for parcel in islice(parcels, max(room, not running)):
            key = f"{parcel.build}-{parcel.number}"
            running[client.submit(made, parcel, key=key, retries=_RETRIES)] = parcel.number
        if not running:
            return
        for future in _done(client, list(running)):
            yield running.pop(future), future.result()


def _done(client: "Client", running: "list[Future[Any]]") -> "set[Future[Any]]":
    """The shards that are made or have failed, one at least."""
    from distributed import wait  # noqa: PLC0415

    while True:
        with suppress(TimeoutError), client.as_current():
            done: set[Future[Any]] = wait(running, _PATIENCE, "FIRST_COMPLETED").done
            return done
        _require_worker(client)


def _require_worker(client: "Client") -> None:
    """Wait for a worker.  Raises BuildError where none comes."""
    try:
        client.wait_for_workers(1, _PATIENCE)
    except TimeoutError:
        raise BuildError("the Dask cluster has no worker; start one, or leave out --cluster") from None


@contextmanager
def _client(address: str) -> "Iterator[Client]":
    """A client of the cluster, whose log is silent.  Raises BuildError where there is none, or it is lost."""
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415 (few builds need it)
        from distributed.comm.core import CommClosedError  # noqa: PLC0415
    except ImportError:
        raise BuildError("--cluster needs the package distributed, here and where the cluster runs") from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with _connected(Client, address) as client:
            _require_worker(client)
            yield client
    except KilledWorker:
        raise BuildError(
            f"{address}: a shard was lost with each worker that made it; have they enough memory?"
        ) from None
    except (CommClosedError, CancelledError):
        raise BuildError(f"{address}: the Dask scheduler is gone; render again when it runs") from None


def _connected(client: "type[Client]", address: str) -> "Client":
    try:
        return client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError):
        raise BuildError(f"{address}: no Dask scheduler answers there; start one, or leave out --cluster") from None


def _refuse_other_code(client: "Client") -> None:
    """Raise BuildError where the scheduler or a worker runs other code than this build, or has none."""
    found = dict(client.run(versions, on_error="return"))
    try:
        found["the scheduler"] = client.run_on_scheduler(versions)
    except Exception as error:
        found["the scheduler"] = error
    if other := [name for name, one in found.items() if one != {_AT_START}]:
        raise BuildError(_other_code(sorted(other)))


def _other_code(where: Sequence[str]) -> str:
    return (
        f"{some(where)}: other code than this build's; expected the same commit and libraries, and a start since then"
    )
