"""Processes killed at random points; CLOUDGPUS_CRASH_SEED=<number> repeats those of a failed test."""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from generator.settings import ROOT

LOG = logging.getLogger(__name__)
SEED = int(os.environ.get("CLOUDGPUS_CRASH_SEED") or time.time_ns() % 1_000_000)
ROUNDS = range(16)
_ENDED = 60  # seconds in which the programs started by a killed process must end by themselves

Prepare = Callable[[], Sequence[str]]


class Killer:
    """Run commands, and kill them with SIGKILL, alone or with the programs that they started."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "CLOUDGPUS_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
        self.seconds: dict[str, float] = {}

    def run(self, command: Sequence[str]) -> str:
        """Run a command to its end; return what it printed."""
        finished = subprocess.run(
            [sys.executable, *command], check=False, cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def kill(self, name: str, number: int, prepare: Prepare) -> None:
        """Start the command that `prepare` returns and kill it at a random point; earlier if it had ended by then."""
        chance = random.Random(f"{SEED} {name} {number}")
        LOG.warning("CLOUDGPUS_CRASH_SEED=%s", SEED)  # pytest shows it where the test fails
        self._measure(name, prepare)
        share, together = chance.uniform(0.05, 1), chance.random() < 0.5
        while not self._killed(prepare(), share * self.seconds[name], together=together):
            share *= 0.8
        LOG.warning("%s: killed at %.3f of %.1f s, together: %s", name, share, self.seconds[name], together)

    def _measure(self, name: str, prepare: Prepare) -> None:
        if name not in self.seconds:
            command = prepare()
            began = time.monotonic()
            self.run(command)
            self.seconds[name] = time.monotonic() - began

    def _killed(self, command: Sequence[str], seconds: float, *, together: bool) -> bool:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL) if together else process.kill()
        status = process.wait()
        _wait_for_programs_of(process.pid)
        assert status in {0, -signal.SIGKILL}
        return status != 0


def _wait_for_programs_of(group: int) -> None:
    until = time.monotonic() + _ENDED
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"a program that the killed process started still runs after {_ENDED} s")


@pytest.fixture(scope="session")
def killer(tmp_path_factory) -> Killer:
    return Killer(tmp_path_factory.mktemp("data"))
