import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.database import db
from tests.generator.commands.test_commands import ALL
from tests.sampling import sample

ROOT = Path(__file__).resolve().parents[3]
FULL = "Error: stdout: no space left on device; everything else was done\n"
# What each command needs to do something, or to be refused at once.
WORDS = {
    "serve": "--port 1",
    "refresh": "--source recorded hot-aisle",
    "db backup": "--schema-only",
    "db restore": "/nosuch.dump",
    "db rollback": "--to 9999 --yes",
    "db adopt-history": "nosuch",
    "db report cheapest": "h100-sxm",
    "db report provider": "runpod",
    "db report trend": "h100-sxm",
    "sources probe": "hot-aisle --recorded",
    "content show": "home",
    "content preview": "--no-browser",
    "content approve": "nosuch --reviewer Jo",
    "content publish": "nosuch --reviewer Jo",
    "content unpublish": "nosuch",
    "review": "--no-browser",
    "bench": "--help",
}
EVERY = [f"{path} {WORDS.get(path, '')}".strip() for path in ALL]
CLOSED = ["2>&-", ">&-", "<&-", "<&- >&- 2>&-"]
STREAMS = [*CLOSED, ">/dev/full", "2>/dev/full", ">/dev/full 2>/dev/full", "| head -1", "| true"]


@pytest.fixture
def place(tmp_path):
    """An environment with the test's own folders."""
    return {**os.environ, "CLOUDGPUS_DATA_DIR": str(tmp_path / "data"), "CLOUDGPUS_OUTPUT_DIR": str(tmp_path / "site")}


def shell(line, environment):
    """The result of `build.py LINE`; an exit status that a pipe hides is on the error stream."""
    command = f"{{ {sys.executable} build.py {line.replace('|', '; echo status=$? >&3; } 3>&2 |', 1)}"
    command += "" if "|" in line else "; }"
    options = {"check": False, "capture_output": True, "text": True, "timeout": 120}
    return subprocess.run(["bash", "-c", command], cwd=ROOT, env=environment, **options)  # noqa: PLW1510


def test_output_lost_to_a_full_disk_is_reported(place):
    ended = shell("-h >/dev/full", place)
    assert (ended.returncode, ended.stderr) == (1, FULL)


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_nothing(streams, place):
    ended = shell(f"content check {streams}", place)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_pipe_that_nobody_reads_changes_only_the_status(place):
    ended = shell("-h | true", place)
    assert ended.stderr in {"status=1\n", "status=0\n"}  # 0 where the pipe was not closed yet
    assert shell("-h | sh -c 'exec <&-; sleep 3'", place).stderr == "status=1\n"


@pytest.mark.postgres
@pytest.mark.parametrize("streams", sample(["| true", "2>&-", ">/dev/full"], 1))
def test_a_job_whose_output_is_lost_is_done_all_the_same(streams, place, fresh_database):
    place |= {"DATABASE_URL": fresh_database.empty()}
    ended = shell(f"refresh --source recorded hot-aisle {streams}", place)
    assert "Traceback" not in ended.stderr
    with db.connect(place["DATABASE_URL"]) as connection:
        assert connection.execute("select count(*) > 0 from instances").fetchone() == (True,)


@pytest.mark.postgres
@pytest.mark.long
@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("command", EVERY)
def test_no_command_breaks_off_over_its_streams(command, streams, place, fresh_database):
    place |= {"DATABASE_URL": fresh_database.migrated()}
    ended = shell(f"{command} {streams}", place)
    assert ended.returncode in {0, 1, 2}
    assert not [word for word in ("Traceback", "Exception ignored", "Fatal Python") if word in ended.stderr]


@pytest.mark.parametrize("command", EVERY)
def test_every_command_refuses_an_argument_that_is_not_text(command):
    ended = CliRunner().invoke(main, [*command.split(), "caf\udce9"])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert r"'caf\udce9' is not text in UTF-8" in ended.stderr


def test_an_error_is_one_line_whatever_it_quotes():
    ended = CliRunner().invoke(main, ["sources", "probe", "two\nlines\x1b[2J\u202e"])
    assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
    assert r'"two lines\x1b[2J\u202e"' in ended.stderr
