"""A small site that a killed build, another build or somebody else left odd is mended, or the build says why not."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from generator.output.write import Output
from generator.site import checks
from tests.conftest import Databases
from tests.sampling import sample
from tests.site.conftest import ROOT, URL, BuiltSite, Copy, free_port
from tests.site.test_site_again import names_on_pages, state

pytestmark = [pytest.mark.site, pytest.mark.postgres]


@pytest.fixture
def own_site(small_site: BuiltSite, copy: Copy) -> BuiltSite:
    """A small site of the test's own."""
    return copy(small_site)


KILLED_WHILE_IT_MOVES = """
import itertools, os, signal, sys
moved = itertools.count()
def die(event, arguments):
    if event == "os.rename" and "/.staging/" in str(arguments[0]) and next(moved) == 50:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
from generator.commands import main
main()
"""


@pytest.fixture(scope="module")
def half_new(small_site: BuiltSite, fresh_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """A site that a killed build left half old, half new, with its database."""
    folder = tmp_path_factory.mktemp("half") / "site"
    shutil.copytree(small_site.folder, folder)
    site = BuiltSite(folder, fresh_database.copy_of(small_site.database_url))
    program = ("-c", KILLED_WHILE_IT_MOVES)
    done = site.build("render", program=program, CLOUDGPUS_SITE_NAME="Otherwise", PYTHONPATH=str(ROOT))
    assert done.returncode == -signal.SIGKILL
    assert names_on_pages(site) == {"CloudGPUs", "Otherwise"}
    return site


@pytest.fixture
def mixture(half_new: BuiltSite, tmp_path: Path) -> BuiltSite:
    """A copy of that folder, whose database can't be reached."""
    shutil.copytree(half_new.folder, tmp_path / "site")
    return BuiltSite(tmp_path / "site", "postgresql://jo@127.0.0.1:1/prices")


@pytest.mark.parametrize("command", sample([["render"], []], 1))
def test_killed_build_is_finished_while_the_database_can_not_be_reached(mixture: BuiltSite, command: list[str]) -> None:
    done = mixture.build(*command)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "127.0.0.1" in done.stderr
    assert names_on_pages(mixture) == {"Otherwise"}
    assert [finding for finding in checks.check(mixture.folder, URL) if finding.severity == "error"] == []


def test_killed_build_is_finished_before_the_site_is_served(mixture: BuiltSite) -> None:
    environment = {**mixture.environment(), "PYTHONUNBUFFERED": "1"}
    command = mixture.command("serve", "--port", free_port())
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        told = process.stdout.readline()
        process.send_signal(signal.SIGINT)
    assert told.startswith(b"http://127.0.0.1:")
    assert names_on_pages(mixture) == {"Otherwise"}


def test_killed_build_s_mixture_is_an_error_of_check_which_changes_nothing(mixture: BuiltSite) -> None:
    before = state(mixture.folder)
    checked = subprocess.run(
        [sys.executable, "build.py", "check", str(mixture.folder)],
        env=mixture.environment(), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 1
    assert "half old, half new" in checked.stdout
    assert "build.py render" in checked.stdout
    assert state(mixture.folder) == before


@pytest.mark.long
def test_mixture_whose_journal_can_not_be_read_is_not_served_and_mended_by_a_build(
    half_new: BuiltSite, mixture: BuiltSite, fresh_database: Databases
) -> None:
    (mixture.folder / ".staging" / "journal.json").write_bytes(b"")
    refused = mixture.build("serve")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "half old, half new, and its journal can't be read; repair it with: build.py render" in refused.stderr
    whole = BuiltSite(mixture.folder, fresh_database.copy_of(half_new.database_url))
    assert whole.build("render").returncode == 0
    assert names_on_pages(whole) == {"CloudGPUs"}
    assert [finding for finding in checks.check(whole.folder, URL) if finding.severity == "error"] == []


ONE_PROVIDER = """
from scrapers import run
only = [one for one in run.providers() if one.PROVIDER.slug == "hot-aisle"]
run.providers = lambda: only
from generator.commands import main
main()
"""


@pytest.mark.long
def test_job_that_would_take_most_pages_off_keeps_them_and_the_new_prices(own_site: BuiltSite) -> None:
    before = state(own_site.folder)
    with psycopg.connect(own_site.database_url) as connection:
        connection.execute("truncate cloudgpus.instances cascade")
    program = ("-c", ONE_PROVIDER)
    job = own_site.build("--source", "recorded", "--force", program=program, PYTHONPATH=str(ROOT))
    for done in (job, own_site.build("render"), own_site.build("render", "--full", "--json")):
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert " pages would be removed from the site, which is left as it was (" in done.stderr
        assert ", since a comparison of providers needs 3 GPUs" in done.stderr
        assert "--allow-removals" in done.stderr
        assert state(own_site.folder) == before
    with psycopg.connect(own_site.database_url) as connection:
        assert connection.execute("select count(*) from cloudgpus.instances").fetchone() == (3,)
    options = ("--source", "recorded", "--allow-removals")
    allowed = own_site.build(*options, program=program, PYTHONPATH=str(ROOT))
    assert allowed.returncode == 0
    assert len(state(own_site.folder)) < len(before) * 4 / 5


def test_emptied_page_is_named_by_check_and_mended_by_verifying(own_site: BuiltSite) -> None:
    own_site.file("/gpu/h100-sxm/").write_bytes(b"")
    own_site.file("/provider/runpod/").unlink()
    (own_site.folder / "robots.txt").write_bytes(b"")
    found = {finding.path: finding.message for finding in checks.check(own_site.folder, URL)}
    assert sorted(found) == ["/gpu/h100-sxm/index.html", "/provider/runpod/index.html", "/robots.txt"]
    assert all("build.py render --verify" in message for message in found.values())
    done = own_site.build("render", "--verify")
    assert "Output folder: 3 files not as built, now repaired: gpu/h100-sxm/index.html (empty)" in done.stdout
    assert [finding for finding in checks.check(own_site.folder, URL) if finding.severity == "error"] == []


def test_second_build_at_once_says_who_holds_the_folder(small_site: BuiltSite) -> None:
    with Output(small_site.folder):
        done = small_site.build("render")
    assert done.returncode == 1
    assert "another build is running there (pid " in done.stderr
    assert "Traceback" not in done.stderr


def test_folder_that_can_not_be_written_is_one_clear_line(small_site: BuiltSite, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = BuiltSite(tmp_path / "file" / "site", small_site.database_url).build("render")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"{tmp_path}/file" in done.stderr
