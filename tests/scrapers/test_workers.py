import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scrapers import workers
from scrapers.captures import Capture, Request
from scrapers.errors import SourceUnavailable
from scrapers.sources import Fetch
from scrapers.workers import WorkerDied
from tests.scrapers import worker_tasks
from tests.scrapers.made_up import capture

ROOT = Path(__file__).parents[2]


async def answering(request: Request) -> Capture:
    return capture(request, request.url.encode())


async def gone(_: Request) -> Capture:
    raise SourceUnavailable("nimbus", "gone", code="not_found", url="gone", status=404, retries=2)


def run(work: Any, fetch: Fetch = answering, seconds: float = 20) -> Any:
    return asyncio.run(workers.run(work, fetch, seconds))


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def has_ended(end: socket.socket) -> bool:
    """Whether the worker at the other end is gone."""
    try:
        return not end.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_work_is_done_in_another_process() -> None:
    assert run(worker_tasks.pid) != os.getpid()


def test_an_idle_worker_is_used_again() -> None:
    assert run(worker_tasks.pid) == run(worker_tasks.pid)


def test_an_idle_worker_that_died_is_replaced() -> None:
    process = run(worker_tasks.pid)
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: not is_there(process))
    assert run(worker_tasks.pid) != process


def test_a_killed_fork_server_is_replaced() -> None:
    worker, fork_server = run(worker_tasks.pid), workers._latest_fork_server()._process
    os.killpg(fork_server.pid, signal.SIGKILL)
    wait_until(lambda: fork_server.poll() is not None and not is_there(worker))
    wait_until(lambda: all(map(has_ended, workers._idle)))
    assert run(worker_tasks.pid)


def test_a_worker_that_holds_the_interpreter_is_killed_in_time() -> None:
    asked: list[int] = []

    async def noting(request: Request) -> Capture:
        asked.append(int(request.url))
        return capture(request)

    run(worker_tasks.pid)
    with pytest.raises(TimeoutError):
        run(worker_tasks.endless, noting, 0.5)
    wait_until(lambda: not is_there(asked[0]))


def test_work_that_kills_its_process_is_reported() -> None:
    with pytest.raises(WorkerDied):
        run(worker_tasks.killed)
    with pytest.raises(WorkerDied):
        run(worker_tasks.broken)


def test_requests_are_answered_concurrently() -> None:
    waiting = asyncio.Barrier(3)

    async def together(request: Request) -> Capture:
        await waiting.wait()
        return await answering(request)

    assert run(worker_tasks.bodies, together) == [b"0", b"1", b"2"]


def test_large_answers_arrive_complete() -> None:
    async def large(request: Request) -> Capture:
        return capture(request, request.url.encode() * 10_000_000)

    assert [len(body) for body in run(worker_tasks.bodies, large)] == [10_000_000] * 3


def test_errors_of_fetching_are_raised_in_the_worker() -> None:
    assert run(worker_tasks.caught, gone) == "not_found"
    with pytest.raises(SourceUnavailable, match=r"^nimbus: gone$") as raised:
        run(worker_tasks.passed_on, gone)
    assert (raised.value.status, raised.value.retries, raised.value.url) == (404, 2, "gone")


def test_a_worker_has_none_of_our_files_open(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        assert str(tmp_path / "lock") not in run(worker_tasks.open_files)


def test_a_worker_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDGPUS_KEY_NIMBUS", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://")
    workers._latest_fork_server().end()
    found = run(worker_tasks.environment)
    assert "PATH" in found
    assert not {"CLOUDGPUS_KEY_NIMBUS", "DATABASE_URL"} & set(found)


@pytest.fixture
def ordering() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process that waits for endless work, and its worker."""
    command = [sys.executable, "-m", "tests.scrapers.worker_tasks"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        worker = int(process.stdout.readline())
        yield process, worker
        process.kill()


def test_a_worker_ends_when_its_caller_is_killed(ordering: tuple["subprocess.Popen[str]", int]) -> None:
    process, worker = ordering
    fork_server = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
    process.kill()
    wait_until(lambda: not is_there(worker) and not is_there(fork_server))


def test_an_interrupt_prints_no_traceback(ordering: tuple["subprocess.Popen[str]", int]) -> None:
    process, worker = ordering
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=20)[1].strip() == "Aborted!"
    wait_until(lambda: not is_there(worker))
