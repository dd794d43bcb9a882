"""Worker processes: each fetches and parses one provider's answer at a time, and is killed when its time is over.

A hostile answer can hold the interpreter for hours in a single library call, which neither a thread nor the event loop
can interrupt.  So a fork server, a process with none of our threads or open files, imports everything once and forks
the workers.  A worker has no network of its own: its requests are sent to the calling process, which answers them.  The
kernel kills a worker when its time is over (SIGALRM), and the fork server kills all of them, and itself, once the
calling process is gone.
"""

import asyncio
import atexit
import copyreg
import gc
import itertools
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple, NoReturn, TypeVar

from scrapers.captures import Capture, Request
from scrapers.errors import ScrapeError
from scrapers.sources import Fetch

T = TypeVar("T")
Work = Callable[[Fetch], Awaitable[T]]

MEMORY_BYTES = 2 * 2**30
"""The memory a worker may use; beyond that it gets a MemoryError, or dies in a library that does not expect one."""

_LENGTH_BYTES = 8
_GRACE_SECONDS = 1  # the kernel's limit is this much later than ours, so that we report a time-out, not a death
_MOST_IDLE = 4
_ENVIRONMENT = ("PATH", "PYTHON", "LD_", "DYLD_", "LANG", "LC_")
_FORK_SERVER = "import sys; from scrapers import run, workers; run.providers(); workers.serve(int(sys.argv[1]))"

_idle: list[socket.socket] = []
"""The sockets of workers that finished their work and wait for more."""

copyreg.pickle(ModuleType, lambda module: (import_module, (module.__name__,)))  # a provider's module, by its name


class WorkerDied(Exception):
    """A worker ended before its work was done: out of memory, killed, or crashed by a library."""


class _Order(NamedTuple):
    """Work, and how long it may take."""

    work: Work[Any]
    seconds: float


class _FetchRequest(NamedTuple):
    """A request that a worker wants sent."""

    number: int
    request: Request


class _FetchResult(NamedTuple):
    """What came of a worker's request."""

    number: int
    found: Capture | ScrapeError


class _WorkResult(NamedTuple):
    """What the work returned, or the ScrapeError that it raised."""

    result: Any


class _Channel:
    """Pickled messages over one end of a socket, one after the other."""

    def __init__(self, end: socket.socket) -> None:
        self._end, self._turn, self._loop = end, asyncio.Lock(), asyncio.get_running_loop()

    async def send(self, message: Any) -> None:
        """Send a message.  Raises ConnectionError where the other end is gone."""
        packed = pickle.dumps(message)
        async with self._turn:
            await self._loop.sock_sendall(self._end, len(packed).to_bytes(_LENGTH_BYTES))
            await self._loop.sock_sendall(self._end, packed)

    async def receive(self) -> Any:
        """Return the next message, or None where the other end is gone."""
        try:
            return pickle.loads(await self._read(int.from_bytes(await self._read(_LENGTH_BYTES))))  # noqa: S301 (ours)
        except ConnectionError:
            return None

    async def _read(self, length: int) -> bytearray:
        read = bytearray(length)
        left = memoryview(read)
        while left:
            received = await self._loop.sock_recv_into(self._end, left)
            if not received:
                raise ConnectionResetError
            left = left[received:]
        return read


async def run(work: Work[T], fetch: Fetch, seconds: float) -> T:
    """Return what `work` returns, done by a worker; `fetch` answers its requests in this process.

    The work and its result are pickled: functions of modules, and values.  Raises the ScrapeError that the work raises,
    TimeoutError after `seconds`, and WorkerDied.
    """
    with ExitStack() as otherwise:
        end = _idle_worker() or _fork_server().fork()
        otherwise.callback(end.close)  # which ends the worker
        async with asyncio.timeout(seconds):
            result, is_idle = await _converse(_Channel(end), _Order(work, seconds), fetch)
        if is_idle and len(_idle) < _MOST_IDLE:
            otherwise.pop_all()
            _idle.append(end)
    if isinstance(result, ScrapeError):
        raise result
    return result  # type: ignore[no-any-return]


def _idle_worker() -> socket.socket | None:
    """The socket of an idle worker; reading from that of a worker that has died finds its end."""
    while _idle:
        end = _idle.pop()
        try:
            end.recv(1)
        except BlockingIOError:
            return end
        end.close()
    return None


async def _converse(channel: _Channel, order: _Order, fetch: Fetch) -> tuple[Any, bool]:
    """The result of the work, and whether all of the worker's requests were answered; several are sent at once."""

    async def answer(asked: _FetchRequest) -> None:
        with suppress(ConnectionError):  # the worker died, as is noticed below
            await channel.send(_FetchResult(asked.number, await _result(fetch(asked.request))))

    with suppress(ConnectionError):
        await channel.send(order)
    async with asyncio.TaskGroup() as group:
        answers = []
        while isinstance(message := await channel.receive(), _FetchRequest):
            answers.append(group.create_task(answer(message)))
        unanswered = [one for one in answers if one.cancel()]
    if message is None:
        raise WorkerDied
    return message.result, not unanswered


async def _result(work: Awaitable[T]) -> T | ScrapeError:
    try:
        return await work
    except ScrapeError as error:
        return error


class _ForkServer:
    """The process that forks workers."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _FORK_SERVER, str(theirs.fileno())],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the calling process alone
            )
        atexit.register(self.end)

    @property
    def has_ended(self) -> bool:
        """Whether somebody killed it."""
        return self._process.poll() is not None

    def fork(self) -> socket.socket:
        """Return the socket of a new worker."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs, suppress(ConnectionError):  # then reading from ours finds its end
            socket.send_fds(self._orders, [b"."], [theirs.fileno()])
        return ours

    def end(self) -> None:
        """Kill it and all its workers."""
        if not self.has_ended:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for end in (self._orders, *_idle):
            end.close()
        _idle.clear()


def _environment() -> dict[str, str]:
    """What Python needs to start as it did here; no keys, and no database's address."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_ENVIRONMENT)}
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path)}


@cache
def _latest_fork_server() -> _ForkServer:
    return _ForkServer()


def _fork_server() -> _ForkServer:
    """The running fork server; a new one if the last was killed."""
    if _latest_fork_server().has_ended:
        _latest_fork_server.cache_clear()
    return _latest_fork_server()


def start() -> None:
    """Start the fork server, which takes a while to import what its workers need."""
    _fork_server()


def serve(descriptor: int) -> NoReturn:
    """Be the fork server: fork a worker for each socket received, until the process that sends them is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a worker ended
    gc.freeze()
    with socket.socket(fileno=descriptor) as orders:
        while sockets := socket.recv_fds(orders, 1, 1)[1]:
            with socket.socket(fileno=sockets[0]) as end, suppress(OSError):  # no more processes: the socket is closed
                if os.fork() == 0:
                    orders.close()
                    _be_worker(end)
    os.killpg(0, signal.SIGKILL)
    raise AssertionError("the fork server ends with its workers")


def _be_worker(end: socket.socket) -> NoReturn:
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        with suppress(OSError, ValueError):  # the system has no such limit, or a lower one
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        end.setblocking(False)
        asyncio.run(_take_orders(end))
    finally:
        os._exit(0)


async def _take_orders(end: socket.socket) -> None:
    """Do the work that is ordered, one order after the other; answers to its requests come through the same socket."""
    channel, waiting = _Channel(end), dict[int, asyncio.Future[Capture | ScrapeError]]()
    async with asyncio.TaskGroup() as group:
        while message := await channel.receive():
            if isinstance(message, _Order):
                group.create_task(_fulfil(message, channel, waiting))
            elif not (asked := waiting.pop(message.number)).cancelled():
                asked.set_result(message.found)
        os._exit(0)  # nobody waits for the result any more


async def _fulfil(order: _Order, channel: _Channel, waiting: dict[int, asyncio.Future[Capture | ScrapeError]]) -> None:
    numbers = itertools.count()

    async def fetch(request: Request) -> Capture:
        number = next(numbers)
        waiting[number] = asyncio.get_running_loop().create_future()
        await channel.send(_FetchRequest(number, request))
        found = await waiting[number]
        if isinstance(found, ScrapeError):
            raise found
        return found

    signal.setitimer(signal.ITIMER_REAL, order.seconds + _GRACE_SECONDS)
    result = await _result(order.work(fetch))
    signal.setitimer(signal.ITIMER_REAL, 0)
    await channel.send(_WorkResult(result))
