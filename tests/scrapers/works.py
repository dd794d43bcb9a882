"""Work for processes of their own, which find it here by name; run as a program, it orders endless work and waits."""

import asyncio
import os
import re
import signal
from pathlib import Path

import click

from scrapers import apart
from scrapers.captures import Capture, Request
from scrapers.errors import SourceUnavailable
from scrapers.sources import Fetch
from tests.scrapers.made_up import capture


async def pid(_: Fetch) -> int:
    return os.getpid()


async def endless(fetch: Fetch) -> None:
    """Says who it is, and holds the interpreter for longer than anybody waits, in one call of a library."""
    await fetch(Request(str(os.getpid())))
    re.match(r"(a+)+$", "a" * 60 + "b")


async def killed(_: Fetch) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


async def broken(_: Fetch) -> None:
    raise AssertionError


async def open_files(_: Fetch) -> list[str]:
    """What its descriptors stand for."""
    return [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]


async def environment(_: Fetch) -> list[str]:
    return list(os.environ)


async def bodies(fetch: Fetch) -> list[bytes]:
    """Of three requests sent at once."""
    return [one.body for one in await asyncio.gather(*(fetch(Request(f"{n}")) for n in range(3)))]


async def caught(fetch: Fetch) -> str | None:
    """The code of what fetching raises."""
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

    asyncio.run(apart.done(endless, telling, 100))


if __name__ == "__main__":
    from tests.scrapers import works  # by the name by which it is found

    works.main()
