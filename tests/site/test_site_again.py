"""The site built again, by builds that end and by builds that are killed."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from generator.catalogue import slices
from generator.catalogue.gather import Snapshot
from generator.database import db, runs
from generator.output.write import Output
from generator.settings import Settings
from generator.site import built_pages, checks, links, site_catalogue
from generator.site.render import Renderer
from tests.site.conftest import ROOT, URL, BuiltSite, Copy

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
