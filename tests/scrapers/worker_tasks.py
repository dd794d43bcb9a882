"""Work for worker processes, which import it by name; run as a program, it orders endless work and waits."""

import asyncio
import os
import re
import signal
from pathlib import Path

import click

from scrapers import workers
from scrapers.captures import Capture, Request
from scrapers.errors import SourceUnavailable
from scrapers.sources import Fetch
from tests.scrapers.made_up import capture


async def pid(_: Fetch) -> int:
    return os.getpid()


async def endless(fetch: Fetch) -> None:
    """Tell its process id, and hold the interpreter for longer than anybody waits, in one library call."""
    await fetch(Request(str(os.getpid())))
    re.match(r"(a+)+$", "a" * 60 + "b")


async def killed(_: Fetch) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


async def broken(_: Fetch) -> None:
    raise AssertionError


async def open_files(_: Fetch) -> list[str]:
    """The files that its descriptors refer to."""
    return [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]


async def environment(_: Fetch) -> list[str]:
    return list(os.environ)


async def bodies(fetch: Fetch) -> list[bytes]:
    """The bodies of three answers, requested concurrently."""
    return [one.body for one in await asyncio.gather(*(fetch(Request(f"{n}")) for n in range(3)))]


async def caught(fetch: Fetch) -> str | None:
    """The code of the error that fetching raises."""
    try:
        await fetch(Request("gone"))
    except SourceUnavailable as error:
        return error.error_code
    return None


async def passed_on(fetch: Fetch) -> None:
    await fetch(Request("gone"))


@click.command()
def main() -> None:
    async def telling(request: Request) -> Capture:
        click.echo(request.url)
        return capture(request)

    asyncio.run(workers.run(endless, telling, 100))


if __name__ == "__main__":
    from tests.scrapers import worker_tasks  # by the name by which it is found

    worker_tasks.main()
