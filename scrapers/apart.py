"""Work on an answer in a process of its own, which ends when its time is over, whatever it is doing.

A hostile answer can hold the interpreter for hours in one call of a library, which no thread and no event loop gets
past.  So a nursery, a process without threads or files of its maker's, forks workers, with all imported that it takes.
A worker asks no network: its requests are answered where the work was ordered.  The kernel ends it when its time is
over (SIGALRM), and the nursery ends all of them with itself once nobody orders any more.
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
"""What a worker may have of memory; past that it gets a MemoryError, or dies in a library that does not expect one."""

_LENGTH_BYTES = 8
_GRACE_SECONDS = 1  # by which the time of a worker is longer, so that it is told as over before the worker is gone
_MOST_IDLE = 4
_ENVIRONMENT = ("PATH", "PYTHON", "LD_", "DYLD_", "LANG", "LC_")
_NURSERY = "import sys; from scrapers import apart, run; run.providers(); apart.nurse(int(sys.argv[1]))"

_idle: list[socket.socket] = []
"""The lines to workers that did well, and wait for more."""

copyreg.pickle(ModuleType, lambda module: (import_module, (module.__name__,)))  # a provider's file goes by its name


class Died(Exception):
    """A worker ended before its work was done: out of memory, killed, or by a fault in a library."""


class _Order(NamedTuple):
    """Work, and how long it may take."""

    work: Work[Any]
    seconds: float


class _Asked(NamedTuple):
    """A worker's request."""

    number: int
    request: Request


class _Answered(NamedTuple):
    """What came of a worker's request."""

    number: int
    found: Capture | ScrapeError


class _Done(NamedTuple):
    """What work came to."""

    result: Any


class _Line:
    """What passes between the two ends of a socket: pickled values, one after the other."""

    def __init__(self, end: socket.socket) -> None:
        self._end, self._turn, self._loop = end, asyncio.Lock(), asyncio.get_running_loop()

    async def send(self, message: Any) -> None:
        """Raises ConnectionError where the other end is gone."""
        packed = pickle.dumps(message)
        async with self._turn:
            await self._loop.sock_sendall(self._end, len(packed).to_bytes(_LENGTH_BYTES))
            await self._loop.sock_sendall(self._end, packed)

    async def receive(self) -> Any:
        """The next message, or None where the other end is gone."""
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


async def done(work: Work[T], fetch: Fetch, seconds: float) -> T:
    """What `work` returns, done in a process of its own, whose requests `fetch` answers here.

    The work and what it returns are pickled: functions of modules, and values.  Raises the ScrapeError that the work
    raises, TimeoutError after `seconds`, and Died.
    """
    with ExitStack() as otherwise:
        end = _idle_end() or _nursery().fork()
        otherwise.callback(end.close)  # of which the worker dies
        async with asyncio.timeout(seconds):
            result, is_idle = await _conversation(_Line(end), _Order(work, seconds), fetch)
        if is_idle and len(_idle) < _MOST_IDLE:
            otherwise.pop_all()
            _idle.append(end)
    if isinstance(result, ScrapeError):
        raise result
    return result  # type: ignore[no-any-return]


def _idle_end() -> socket.socket | None:
    """The line to a worker that waits for work; of one that died meanwhile it can be read that nothing comes."""
    while _idle:
        end = _idle.pop()
        try:
            end.recv(1)
        except BlockingIOError:
            return end
        end.close()
    return None


async def _conversation(line: _Line, order: _Order, fetch: Fetch) -> tuple[Any, bool]:
    """What the work came to, and whether nothing is left to be said: its requests are answered, several at once."""

    async def answer(asked: _Asked) -> None:
        with suppress(ConnectionError):  # that it died shows below
            await line.send(_Answered(asked.number, await _result(fetch(asked.request))))

    with suppress(ConnectionError):
        await line.send(order)
    async with asyncio.TaskGroup() as group:
        answers = []
        while isinstance(message := await line.receive(), _Asked):
            answers.append(group.create_task(answer(message)))
        unanswered = [one for one in answers if one.cancel()]
    if message is None:
        raise Died
    return message.result, not unanswered


async def _result(work: Awaitable[T]) -> T | ScrapeError:
    try:
        return await work
    except ScrapeError as error:
        return error


class _Nursery:
    """The process that forks workers."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _NURSERY, str(theirs.fileno())],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the process that orders the work
            )
        atexit.register(self.end)

    @property
    def has_ended(self) -> bool:
        """Whether somebody killed it."""
        return self._process.poll() is not None

    def fork(self) -> socket.socket:
        """The line to a new worker."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs, suppress(ConnectionError):  # then the line has an end already
            socket.send_fds(self._orders, [b"."], [theirs.fileno()])
        return ours

    def end(self) -> None:
        """With all its workers."""
        if not self.has_ended:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for line in (self._orders, *_idle):
            line.close()
        _idle.clear()


def _environment() -> dict[str, str]:
    """What Python takes to start as here; no keys, and no database's address."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_ENVIRONMENT)}
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path)}


@cache
def _latest() -> _Nursery:
    return _Nursery()


def _nursery() -> _Nursery:
    """The one that runs; another in place of one that was killed."""
    if _latest().has_ended:
        _latest.cache_clear()
    return _latest()


def ready() -> None:
    """Start the nursery, which takes a while to import what its workers need."""
    _nursery()


def nurse(descriptor: int) -> NoReturn:
    """Be the nursery: fork a worker for each line that comes, until the process that sends them is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a worker ended
    gc.freeze()
    with socket.socket(fileno=descriptor) as orders:
        while lines := socket.recv_fds(orders, 1, 1)[1]:
            with socket.socket(fileno=lines[0]) as end, suppress(OSError):  # no more processes: the line just ends
                if os.fork() == 0:
                    orders.close()
                    _be_worker(end)
    os.killpg(0, signal.SIGKILL)
    raise AssertionError("a nursery ends with its workers")


def _be_worker(end: socket.socket) -> NoReturn:
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        with suppress(OSError, ValueError):  # a system that can't, or that has a lower bound
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        end.setblocking(False)
        asyncio.run(_work(end))
    finally:
        os._exit(0)


async def _work(end: socket.socket) -> None:
    """Do what is ordered, one after the other; while it waits for answers, they come on the same line."""
    line, waiting = _Line(end), dict[int, asyncio.Future[Capture | ScrapeError]]()
    async with asyncio.TaskGroup() as group:
        while message := await line.receive():
            if isinstance(message, _Order):
                group.create_task(_fulfil(message, line, waiting))
            elif not (asked := waiting.pop(message.number)).cancelled():
                asked.set_result(message.found)
        os._exit(0)  # nobody waits for what is under way


async def _fulfil(order: _Order, line: _Line, waiting: dict[int, asyncio.Future[Capture | ScrapeError]]) -> None:
    numbers = itertools.count()

    async def fetch(request: Request) -> Capture:
        number = next(numbers)
        waiting[number] = asyncio.get_running_loop().create_future()
        await line.send(_Asked(number, request))
        found = await waiting[number]
        if isinstance(found, ScrapeError):
            raise found
        return found

    signal.setitimer(signal.ITIMER_REAL, order.seconds + _GRACE_SECONDS)
    result = await _result(order.work(fetch))
    signal.setitimer(signal.ITIMER_REAL, 0)
    await line.send(_Done(result))
