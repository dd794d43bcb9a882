import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import checks
from generator.write import Output
from tests.conftest import Databases
from tests.site.conftest import ROOT, URL, BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.postgres]


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def names_on_pages(site: BuiltSite) -> set[str]:
    """The site's names that its pages bear: more than one would be a mixture of two builds."""
    pages = [file.read_text("utf-8") for file in site.folder.rglob("index.html")]
    assert len(pages) > 200
    return {
        name for name in ("CloudGPUs", "Otherwise") if any(f'"og:site_name" content="{name}"' in page for page in pages)
    }


@pytest.fixture
def own_site(built_site: BuiltSite, fresh_database: Databases, tmp_path: Path) -> Iterator[BuiltSite]:
    """A copy of the site with a copy of its database."""
    shutil.copytree(built_site.folder, tmp_path / "site")
    return BuiltSite(tmp_path / "site", fresh_database.copy_of(built_site.database_url))


def test_second_build_changes_no_file(built_site: BuiltSite) -> None:
    before = state(built_site.folder)
    assert built_site.build("--source", "recorded").returncode == 0
    assert state(built_site.folder) == before


def test_full_build_makes_the_same_bytes(built_site: BuiltSite) -> None:
    before = state(built_site.folder)
    assert built_site.build("render", "--full").returncode == 0
    assert state(built_site.folder) == before


def test_build_into_another_folder_makes_the_same_bytes(own_site: BuiltSite, built_site: BuiltSite) -> None:
    shutil.rmtree(own_site.folder)
    assert own_site.build("render").returncode == 0
    hidden = {".generation"}
    first, second = ({path: data for path, (_, data) in state(site.folder).items()} for site in (built_site, own_site))
    assert {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)} <= hidden


def killed_after(seconds: float, site: BuiltSite) -> bool:
    """Build under another name and kill that build; whether it was still running."""
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


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_killed_build_leaves_one_site_and_the_next_one_mends_it(own_site: BuiltSite, part: float) -> None:
    kill_and_look(own_site, part)


@pytest.mark.long
@pytest.mark.parametrize("part", [number / 12 for number in range(1, 13)])
def test_build_killed_at_any_time_leaves_one_site(own_site: BuiltSite, part: float) -> None:
    kill_and_look(own_site, part)


def test_second_build_at_once_says_who_holds_the_folder(built_site: BuiltSite) -> None:
    with Output(built_site.folder):
        done = built_site.build("render")
    assert done.returncode == 1
    assert "another build is running there (pid " in done.stderr
    assert "Traceback" not in done.stderr


def test_folder_that_can_not_be_written_is_one_clear_line(built_site: BuiltSite, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = BuiltSite(tmp_path / "file" / "site", built_site.database_url).build("render")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"{tmp_path}/file" in done.stderr
