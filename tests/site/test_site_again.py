import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from generator.catalogue import slices
from generator.catalogue.gather import Snapshot
from generator.database import db, runs
from generator.output.write import Output
from generator.settings import Settings
from generator.site import built_pages, checks, links, site_catalogue
from generator.site.render import Renderer
from tests.conftest import Databases
from tests.sampling import sample
from tests.site.conftest import ROOT, URL, BuiltSite, free_port

pytestmark = [pytest.mark.site, pytest.mark.postgres]


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def names_on_pages(site: BuiltSite) -> set[str]:
    """The site names on its pages: more than one would be a mixture of two builds."""
    pages = [file.read_text("utf-8") for file in site.folder.rglob("index.html")]
    assert len(pages) > 50
    return {
        name for name in ("CloudGPUs", "Otherwise") if any(f'"og:site_name" content="{name}"' in page for page in pages)
    }


Copy = Callable[[BuiltSite], BuiltSite]


@pytest.fixture
def copy(fresh_database: Databases, tmp_path: Path) -> Copy:
    """Copies a site with its database."""

    def copied(site: BuiltSite) -> BuiltSite:
        shutil.copytree(site.folder, tmp_path / "site")
        return BuiltSite(tmp_path / "site", fresh_database.copy_of(site.database_url))

    return copied


@pytest.fixture
def own_site(small_site: BuiltSite, copy: Copy) -> BuiltSite:
    """A small site of the test's own."""
    return copy(small_site)


def test_second_build_changes_no_file(built_site: BuiltSite) -> None:
    before = state(built_site.folder)
    assert built_site.build("--source", "recorded").returncode == 0
    assert state(built_site.folder) == before


@pytest.mark.long
def test_full_build_makes_the_same_bytes(built_site: BuiltSite) -> None:
    before = state(built_site.folder)
    assert built_site.build("render", "--full").returncode == 0
    assert state(built_site.folder) == before


def test_every_aggregate_that_a_page_read_has_its_version_by_its_name(built_site: BuiltSite) -> None:
    with db.connect(built_site.database_url) as connection:
        as_of = runs.last_as_of(connection)
        assert as_of
        every = built_pages.slices_named(connection, numbers=range(1, 100_000))
        connection.commit()
        catalogue, _ = site_catalogue.gathered(Snapshot(connection), as_of)
        catalogue = links.with_anchors(catalogue, Renderer(site_catalogue.site_of(Settings(site_url=URL), catalogue)))
        known = {one.name: one.version for one in every.values() if one.version is not None}
        assert len(known) > 500
        assert known == {name: slices.version(catalogue, name) for name in known}


@pytest.mark.long
def test_build_into_another_folder_makes_the_same_bytes(built_site: BuiltSite, copy: Copy) -> None:
    own_site = copy(built_site)
    shutil.rmtree(own_site.folder)
    assert own_site.build("render").returncode == 0
    hidden = {".generation", ".manifest.json"}
    first, second = ({path: data for path, (_, data) in state(site.folder).items()} for site in (built_site, own_site))
    assert {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)} <= hidden


def killed_after(seconds: float, site: BuiltSite) -> bool:
    """Build under another site name and kill that build; return whether it was still running."""
    command, environment = site.command("render"), site.environment(CLOUDGPUS_SITE_NAME="Otherwise")
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def kill_and_look(site: BuiltSite, part: float) -> None:
    started = time.monotonic()
    assert site.build("render", "--full").returncode == 0
    killed_after((time.monotonic() - started) * part, site)
    with Output(site.folder):
        assert len(names_on_pages(site)) == 1
    assert site.build("render").returncode == 0
    assert names_on_pages(site) == {"CloudGPUs"}
    assert [finding for finding in checks.check(site.folder, URL) if finding.severity == "error"] == []


@pytest.mark.long
@pytest.mark.parametrize("part", [number / 12 for number in range(1, 13)])
def test_build_killed_at_any_time_leaves_one_site(built_site: BuiltSite, copy: Copy, part: float) -> None:
    kill_and_look(copy(built_site), part)


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
