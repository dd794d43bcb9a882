import json
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from generator.bench import builds, timed
from generator.bench.builds import Build, Measured
from generator.bench.made_up_site import Size
from generator.commands.bench import bench as command
from generator.database import db
from generator.errors import BuildError

FULL = Build(seconds=4.0, cpu_seconds=5.0, peak_mb=90, pages=1_002, made=1_002, changed=1_002, files=1_020)
SAME = replace(FULL, seconds=0.3, made=0, changed=0, files=0)
MEASURED = Measured(
    builds={"full": FULL, "no change": SAME, "one price": replace(SAME, seconds=0.5, made=20, changed=19, files=22)},
    page_bytes=25_000_000,
    writing=0.5,
    loop_page=0.008,
    bare=0.15,
    pages=1_002,
    rounds=3,
)


@pytest.fixture
def said(monkeypatch):
    """What the command prints for these figures."""
    monkeypatch.setattr(builds, "measure", lambda *_: MEASURED)
    monkeypatch.setenv("DATABASE_URL", "postgresql:///nowhere")

    def say(*arguments):
        done = CliRunner().invoke(command, arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    return say


def timed_run(tmp_path, code):
    command = [sys.executable, "-I", "-S", timed.__file__, tmp_path / "printed", sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=False)


def test_the_table_names_each_build_and_fits_100_columns(said):
    lines = said().splitlines()
    assert lines[0] == "1,002 pages, 25.0 kB each; 199 GPUs, as many providers; medians of 3 rounds."
    assert any(line.split() == ["one", "price", "0.50", "5.00", "20", "19", "22", "90"] for line in lines)
    assert max(map(len, lines)) <= 100


def test_ratios_compare_what_one_machine_did(said):
    found = json.loads(said("--json"))
    assert found["builds"]["full"]["files"] == 1_020
    assert found["ratios"] == {
        "full build to writing the bytes": 8,
        "plain loop to full build": pytest.approx(0.008 * 1_002 / 4),
        "no change to bare Python": 2,
        "no change to full build": pytest.approx(0.075),
        "one price to full build": 0.125,
    }


def test_a_round_that_met_other_load_counts_no_more_than_the_others():
    slow = replace(MEASURED, builds={**MEASURED.builds, "full": replace(FULL, seconds=40.0)}, bare=9.0)
    found = builds._medians([MEASURED, slow, MEASURED])
    assert found.builds["full"] == FULL
    assert (found.bare, found.rounds) == (0.15, 3)


def test_the_memory_of_who_starts_a_build_is_not_the_builds(tmp_path):
    ballast = b"x" * (300 << 20)
    found = json.loads(timed_run(tmp_path, "print('built')").stdout)
    assert found["peak_mb"] < 100 < len(ballast) >> 20
    assert (tmp_path / "printed").read_text() == "built\n"


def test_what_a_build_starts_itself_counts(tmp_path):
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = [0] * 30_000_000'])"
    found = json.loads(timed_run(tmp_path, code).stdout)
    assert found["peak_mb"] > 200
    assert found["cpu_seconds"] > 0


def test_a_build_that_fails_is_named_with_what_it_said(tmp_path):
    bench = builds._Bench(tmp_path, tmp_path, "", lambda _: None)
    with pytest.raises(BuildError, match="full: no such page"):
        bench._timed("full", ["-c", "import sys; sys.exit('no such page')"])


@pytest.mark.postgres
@pytest.mark.long
def test_a_round_makes_what_changed_and_leaves_no_database_or_folder(server_url, tmp_path, monkeypatch):
    monkeypatch.setattr(builds, "_MEMORY", tmp_path)
    found = builds.measure(server_url, Size.of(100), 1)
    made = {name: one.made for name, one in found.builds.items()}
    assert list(made) == ["full", "no change", "one price", "one template", "a new day"]
    assert made["full"] == found.pages >= 102
    assert made["no change"] == found.builds["no change"].files == 0
    assert 0 < found.builds["one price"].changed <= made["one price"] < found.pages
    assert found.builds["one template"].files >= 19  # every GPU's page
    with db.connect(server_url) as connection:
        left = connection.execute("select datname from pg_database where datname like 'cloudgpus_bench%'").fetchall()
    assert (left, list(tmp_path.iterdir())) == ([], [])
