"""Commands that get SIGTERM or SIGHUP at random moments, on an embedded server of their own."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cached_property
from pathlib import Path

import pytest

from generator.database import embedded
from generator.settings import ROOT
from tests.crash.conftest import SEED
from tests.sampling import sample

pytestmark = pytest.mark.postgres
COMMANDS = {
    "psql": (["db", "psql", "--", "-c", "select pg_sleep(60)"], 4),
    "whole": (["--source", "recorded"], 14),
    "render": (["render", "--full"], 7),
    "backup": (["db", "backup", "--to", "{folder}/backups"], 5),
}
MOMENTS = [(name, number) for number in range(6) for name in COMMANDS]


class Place:
    """A folder in which commands have a server and a site of their own."""

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "data" / "postgres"
        kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        self.environment = {**kept, "CLOUDGPUS_DATA_DIR": str(folder / "data"), "DATABASE_URL": ""}
        self.environment["CLOUDGPUS_OUTPUT_DIR"] = str(folder / "site")

    @cached_property
    def has_prices(self):
        """Make a database with prices, once."""
        with self.start(["refresh", "--source", "recorded"]) as process:
            return process.communicate()[1] == ""

    def start(self, arguments):
        command = [sys.executable, "build.py", *(argument.format(folder=self.folder) for argument in arguments)]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True, **pipes)


@pytest.fixture(scope="module")
def place():
    with tempfile.TemporaryDirectory(prefix="cloudgpus-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Place(Path(name))


@pytest.mark.parametrize(("name", "number"), sample(MOMENTS, 1))
def test_a_command_that_is_told_to_end_leaves_no_server_and_no_staged_file(place, name, number):
    chance = random.Random(f"{SEED} {name} {number}")
    arguments, seconds = COMMANDS[name]
    told = chance.choice([signal.SIGTERM, signal.SIGHUP])
    assert name == "psql" or place.has_prices
    if name == "whole":
        shutil.rmtree(place.folder / "site", ignore_errors=True)
    with place.start(arguments) as process:
        try:
            process.wait(0.8 + chance.random() * seconds)
        except subprocess.TimeoutExpired:
            chance.choice([os.kill, os.killpg])(process.pid, told)
        complaint = process.communicate(timeout=60)[1]
    assert process.returncode in {0, -told, 128 + told}  # -told: before its handlers were set
    assert complaint.endswith("\nAborted!\n") or process.returncode in {0, -told}
    assert "Traceback" not in complaint
    assert embedded._server(place.data) is None
    staging = place.folder / "site" / ".staging"
    assert not staging.exists() or (staging / "journal.json").exists()
    assert not list(place.folder.glob("backups/.*"))
