import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from generator.errors import BuildError, OutputUnwritable
from generator.output import disk
from generator.output.write import Output, finish
from tests.generator.output.sites import NEW, OLD, site, write


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "gpu/..", "./x", "a//b", "a/", ".lock", "a/.git", "a\0b", "a\\..\\b", "\n", "x" * 256],
)
def test_path_never_leaves_the_folder_or_hides_in_it(tmp_path: Path, path: str) -> None:
    with Output(tmp_path) as output, pytest.raises(BuildError, match="expected names between slashes"):
        output.add(path, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["elsewhere", "site/.git"])
def test_no_link_is_followed_to_write_or_to_remove(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "site"
    write(folder, OLD)
    shutil.move(folder / "gpu", tmp_path / place)
    (folder / "gpu").symlink_to(tmp_path / place)
    before = (tmp_path / place / "a/index.html").read_bytes()
    with pytest.raises(OutputUnwritable, match=r"site/gpu: a link in the way of .*; remove it"):
        write(folder, NEW)
    with Output(folder) as output:
        output.add("index.html", b"alone")
        output.commit()
    assert (tmp_path / place / "a/index.html").read_bytes() == before


OUTWARD = ["../precious", "/{0}/precious", "gpu/../../precious", ".git/config", "gpu/.git/x", "link/precious", "CNAME"]


@pytest.fixture
def attacked(tmp_path: Path) -> Iterator[Path]:
    """A site next to files that no build may touch, which are checked at the end."""
    folder, precious = tmp_path / "site", b"mine"
    write(folder, OLD)
    (folder / "link").symlink_to(tmp_path)
    (folder / "gpu/.git").mkdir()
    (folder / ".git").mkdir()
    files = [tmp_path / "precious", folder / ".git/config", folder / "gpu/.git/x", folder / "CNAME"]
    for file in files:
        file.write_bytes(precious)
    yield folder
    assert [file.read_bytes() for file in files] == [precious] * len(files)


@pytest.mark.parametrize("path", OUTWARD)
def test_path_in_the_manifest_removes_nothing_of_others(attacked: Path, path: str) -> None:
    manifest = json.loads((attacked / ".manifest.json").read_text())
    manifest["files"][path.format(attacked.parent)] = "0"
    (attacked / ".manifest.json").write_text(json.dumps(manifest))
    write(attacked, NEW)
    assert {name: data for name, data in site(attacked).items() if name in NEW} == NEW
    assert json.loads((attacked / ".manifest.json").read_text())["files"].keys() == NEW.keys()


@pytest.mark.parametrize("path", OUTWARD)
@pytest.mark.parametrize("part", ["removes", "moves"])
def test_path_in_the_journal_touches_nothing_of_others(attacked: Path, path: str, part: str) -> None:
    path = path.format(attacked.parent)
    (attacked / ".staging").mkdir()
    (attacked / ".staging" / disk.hashed(path.encode())).write_bytes(b"theirs")
    journal = {"generation": str(UUID(int=2)), "hashes": {}, "moves": [], "removes": [], part: [path]}
    (attacked / ".staging/journal.json").write_text(json.dumps(journal))
    with suppress(OutputUnwritable):
        finish(attacked)
    (attacked / "link").unlink()
    write(attacked, OLD)
    assert finish(attacked)


@pytest.mark.parametrize("name", [".lock", ".boot", ".boot.new", ".generation", ".manifest.json", ".manifest.json.new"])
@pytest.mark.parametrize("planted", [os.symlink, os.link])
def test_link_in_place_of_a_builds_own_file_is_not_followed(
    tmp_path: Path, name: str, planted: Callable[[Path, Path], None]
) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    folder = tmp_path / "site"
    write(folder, OLD)
    (folder / name).unlink(missing_ok=True)
    planted(tmp_path / "precious", folder / name)
    for files in (NEW, OLD):
        with suppress(OutputUnwritable):
            write(folder, files)
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_staging_that_is_a_link_is_refused_in_one_line(tmp_path: Path) -> None:
    write(tmp_path / "site", OLD)
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/journal.json").write_bytes(b"mine")
    (tmp_path / "site/.staging").symlink_to(tmp_path / "precious")
    with pytest.raises(OutputUnwritable, match=r"site/\.staging: not a folder, as builds make it; remove it"):
        write(tmp_path / "site", NEW)
    assert (tmp_path / "precious/journal.json").read_bytes() == b"mine"


def test_staged_name_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    write(tmp_path / "site", OLD)
    (tmp_path / "site/.staging").mkdir()
    (tmp_path / "site/.staging" / disk.hashed(b"index.html")).symlink_to(tmp_path / "precious")
    write(tmp_path / "site", NEW)
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert site(tmp_path / "site") == NEW
