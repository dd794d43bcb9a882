"""The process that makes pages, as the one that serves uses it."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson

from generator.live import problems
from generator.live.answer import Answer
from generator.settings import ROOT

_ENDED = problems.told(
    "The process that makes pages has ended; what it said is in the terminal.",
    "It is started again as soon as a file of the project is saved.",
)


class Making:
    """One process at a time; it is started, and started again, by `start`."""

    def __init__(self, out: Path, environment: Mapping[str, str]) -> None:
        self._command = (sys.executable, "-m", "generator.live.maker", str(out.absolute()))
        self._environment = {**os.environ, **environment}
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def has_ended(self) -> bool:
        """Whether there is no process, or it has died."""
        return self._process is None or self._process.returncode is not None

    async def start(self) -> None:
        """Start the process, in place of one that may still run; orders wait until it can answer."""
        self.kill()
        async with self._turn:
            await self._wait()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for this process alone
            )

    async def ask(self, order: str, path: str = "") -> Answer:
        """Have an order carried out, after those before it."""
        async with self._turn:
            try:
                return await self._asked(order, path)
            except (ConnectionError, asyncio.IncompleteReadError):
                return _ENDED

    async def end(self) -> None:
        """End the process, whatever it does: it holds nothing that could be lost."""
        self.kill()
        async with self._turn:
            await self._wait()

    def kill(self) -> None:
        """Kill the process, without waiting for its end; the order that it carries out fails."""
        if self._process and not self.has_ended:
            self._process.kill()

    async def _asked(self, order: str, path: str) -> Answer:
        if self._process is None or not self._process.stdin or not self._process.stdout:
            return _ENDED
        self._process.stdin.write(orjson.dumps([order, path]) + b"\n")
        await self._process.stdin.drain()
        head = orjson.loads(await self._process.stdout.readuntil())
        return Answer(head["status"], await self._process.stdout.readexactly(head["length"]), head["headers"])

    async def _wait(self) -> None:
        if self._process:
            await self._process.wait()
