import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scrapers import apart
from scrapers.apart import Died
from scrapers.captures import Capture, Request
from scrapers.errors import SourceUnavailable
from scrapers.sources import Fetch
from tests.scrapers import works
from tests.scrapers.made_up import capture

ROOT = Path(__file__).parents[2]


async def answering(request: Request) -> Capture:
    return capture(request, request.url.encode())


async def gone(_: Request) -> Capture:
    raise SourceUnavailable("nimbus", "gone", code="not_found", url="gone", status=404, retries=2)


def done(work: Any, fetch: Fetch = answering, seconds: float = 20) -> Any:
    return asyncio.run(apart.done(work, fetch, seconds))


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_work_is_done_in_another_process() -> None:
    assert done(works.pid) != os.getpid()


def test_who_did_well_works_again() -> None:
    assert done(works.pid) == done(works.pid)


def test_in_the_place_of_who_died_while_idle_another_works() -> None:
    process = done(works.pid)
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: not is_there(process))
    assert done(works.pid) != process


def test_in_the_place_of_a_killed_nursery_there_is_another() -> None:
    worker, nursery = done(works.pid), apart._latest()._process
    os.killpg(nursery.pid, signal.SIGKILL)
    wait_until(lambda: nursery.poll() is not None and not is_there(worker))
    assert done(works.pid)


def test_time_ends_what_holds_the_interpreter() -> None:
    asked: list[int] = []

    async def noting(request: Request) -> Capture:
        asked.append(int(request.url))
        return capture(request)

    done(works.pid)
    with pytest.raises(TimeoutError):
        done(works.endless, noting, 0.5)
    wait_until(lambda: not is_there(asked[0]))


def test_work_that_takes_its_process_with_it_died() -> None:
    with pytest.raises(Died):
        done(works.killed)
    with pytest.raises(Died):
        done(works.broken)


def test_requests_are_answered_at_once() -> None:
    waiting = asyncio.Barrier(3)

    async def together(request: Request) -> Capture:
        await waiting.wait()
        return await answering(request)

    assert done(works.bodies, together) == [b"0", b"1", b"2"]


def test_large_answers_come_whole() -> None:
    async def large(request: Request) -> Capture:
        return capture(request, request.url.encode() * 10_000_000)

    assert [len(body) for body in done(works.bodies, large)] == [10_000_000] * 3


def test_what_fetching_raises_is_raised_where_it_was_asked() -> None:
    assert done(works.caught, gone) == "not_found"
    with pytest.raises(SourceUnavailable, match=r"^nimbus: gone$") as raised:
        done(works.passed_on, gone)
    assert (raised.value.status, raised.value.retries, raised.value.url) == (404, 2, "gone")


def test_no_file_of_ours_is_open_there(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        assert str(tmp_path / "lock") not in done(works.open_files)


def test_no_key_is_known_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDGPUS_KEY_NIMBUS", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://")
    apart._latest().end()
    found = done(works.environment)
    assert "PATH" in found
    assert not {"CLOUDGPUS_KEY_NIMBUS", "DATABASE_URL"} & set(found)


@pytest.fixture
def ordering() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process that waits for endless work, and the one that does it."""
    command = [sys.executable, "-m", "tests.scrapers.works"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        worker = int(process.stdout.readline())
        yield process, worker
        process.kill()


def test_work_ends_with_the_process_that_was_killed(ordering: tuple["subprocess.Popen[str]", int]) -> None:
    process, worker = ordering
    nursery = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
    process.kill()
    wait_until(lambda: not is_there(worker) and not is_there(nursery))


def test_who_interrupts_sees_nothing_of_it(ordering: tuple["subprocess.Popen[str]", int]) -> None:
    process, worker = ordering
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=20)[1].strip() == "Aborted!"
    wait_until(lambda: not is_there(worker))
