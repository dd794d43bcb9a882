"""How much memory a run takes, measured from outside: with an endless body, and with all recordings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.database import db, seeds
from tests.scrapers.misbehaving import Misbehaving

ROOT = Path(__file__).parents[2]
MEASURING = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=sys.stderr)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak / (2**20 if sys.platform == "darwin" else 2**10))
sys.exit(ended.returncode)
"""


def peak_mb(*arguments: str, **environment: str) -> float:
    """The peak memory of a Python process with these arguments, in MB.  Fail if the process does."""
    command = [sys.executable, "-c", MEASURING, sys.executable, *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return float(ended.stdout)


@pytest.mark.parametrize("path", ["/endless", "/great-bomb"])
def test_a_body_without_end_is_not_held_in_memory(path):
    """The client reads up to 64 MB of it, and copies that at most once."""
    with Misbehaving() as server:
        assert peak_mb("-m", "tests.faults.fetch_too_much", server.url(path)) < 300


@pytest.mark.postgres
@pytest.mark.long
def test_all_recordings_are_read_in_less_than_300_mb(fresh_database, tmp_path):
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        seeds.seed(connection)
    used = peak_mb(
        "build.py", "refresh", "--source", "recorded", DATABASE_URL=url, CLOUDGPUS_DATA_DIR=str(tmp_path / "data")
    )
    assert used < 300
