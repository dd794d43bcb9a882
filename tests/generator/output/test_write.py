import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from generator.errors import BrokenSite, BuildError, BuildRunning, OutputUnwritable
from generator.output import disk
from generator.output.folder import MARK, SiteFolder
from generator.output.write import Output, Written, finish

Files = dict[str, bytes]
ONE, TWO, THREE = (str(UUID(int=number)) for number in (1, 2, 3))
OLD: Files = {
    "index.html": b"old home",
    "gpu/a/index.html": b"old a",
    "gpu/b/index.html": b"b",
    "gone/index.html": b"x",
    "file": b"a",
}
NEW: Files = {
    "index.html": b"new home",
    "gpu/a/index.html": b"new a",
    "gpu/b/index.html": b"b",
    "new/index.html": b"n",
    "file/index.html": b"a",
}


def write(folder: Path, files: Files, generation: str = ONE) -> Written:
    with Output(folder) as output:
        for path, data in files.items():
            output.add(path, data)
        return output.commit(generation)


def site(folder: Path) -> Files:
    found = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {path: data for path, data in found.items() if not path.startswith(".")}


def times(folder: Path) -> dict[str, int]:
    return {str(file): file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}


def killed_at(step: int, folder: Path, files: Files) -> bool:
    """Build in a process that dies just before its step-th change of the disk; False where it had fewer."""
    steps = 0

    def die(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        writes = event == "open" and isinstance(flags := arguments[2], int) and flags & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}) and str(folder) in str(arguments[0]):
            steps += 1
            if steps == step:
                os._exit(9)

    if (child := os.fork()) == 0:
        sys.addaudithook(die)
        write(folder, files, TWO)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_first_build_writes_every_file_and_its_token(tmp_path: Path) -> None:
    assert write(tmp_path / "site", OLD) == Written(5, 0, 0, ONE)
    assert site(tmp_path / "site") == OLD


def test_second_build_without_change_writes_nothing_and_keeps_the_token(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    assert write(tmp_path, OLD, TWO) == Written(0, 5, 0, ONE)
    assert times(tmp_path) == before


def test_change_touches_changed_files_only(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    assert write(tmp_path, NEW, TWO) == Written(4, 1, 2, TWO)
    assert site(tmp_path) == NEW
    same = str(tmp_path / "gpu/b/index.html")
    assert times(tmp_path)[same] == before[same]


def test_kept_files_stay_without_being_handed_over_again(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with Output(tmp_path) as output:
        output.add("index.html", b"new home")
        output.keep(path for path in output.files if path.startswith("gpu/"))
        assert output.commit(TWO) == Written(1, 2, 2, TWO)
    assert sorted(site(tmp_path)) == ["gpu/a/index.html", "gpu/b/index.html", "index.html"]


def test_files_and_folders_of_strangers_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "gone/notes.txt").write_text("mine")
    (tmp_path / "CNAME").write_text("gpus.example")
    write(tmp_path, NEW)
    assert site(tmp_path) == {**NEW, "gone/notes.txt": b"mine", "CNAME": b"gpus.example"}


def test_folder_left_empty_goes_with_its_last_file(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write(tmp_path, NEW)
    assert not (tmp_path / "gone").exists()


def test_folder_gives_way_to_a_file_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, NEW)
    write(tmp_path, OLD)
    assert site(tmp_path) == OLD


def test_file_that_no_build_wrote_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("a page of another site")
    with pytest.raises(OutputUnwritable, match="no build wrote this file"):
        write(tmp_path, OLD)
    assert site(tmp_path) == {"index.html": b"a page of another site"}


@pytest.mark.parametrize("damage", [b"", b"dam", b"damaged by hand", None])
def test_file_damaged_by_hand_is_found_when_asked_for_and_written_again(tmp_path: Path, damage: bytes | None) -> None:
    write(tmp_path, OLD)
    (tmp_path / "index.html").unlink() if damage is None else (tmp_path / "index.html").write_bytes(damage)
    with Output(tmp_path) as output:
        assert output.damaged == {}
    with Output(tmp_path, verify=True) as output:
        expected = "gone" if damage is None else "changed" if damage else "empty"
        assert output.damaged == {"index.html": expected}
        assert output.files["index.html"] != output.files["file"] == disk.hashed(b"a")
    assert write(tmp_path, OLD).changed == 1
    assert site(tmp_path) == OLD


def test_build_that_raises_changes_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    pages = {**NEW, "../bad": b""}
    with pytest.raises(BuildError):
        write(tmp_path, pages)
    assert times(tmp_path) == before


def test_site_can_be_read_before_it_is_in_place(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with Output(tmp_path) as output:
        output.add("index.html", b"new home")
        output.keep(["file"])
        assert dict(output.after()) == {"file": b"a", "index.html": b"new home"}
    assert site(tmp_path) == OLD


def test_kill_at_any_step_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    step, outcomes = 1, []
    while True:
        folder = tmp_path / str(step)
        write(folder, OLD)
        if not killed_at(step, folder, NEW):
            break
        with Output(folder):
            outcomes.append(site(folder))
        assert not (folder / ".staging").exists()
        step += 1
    assert len(outcomes) > 25
    assert all(outcome in (OLD, NEW) for outcome in outcomes)
    assert outcomes[0] == OLD
    assert outcomes[-1] == NEW


def test_kill_while_finishing_an_interrupted_change_loses_nothing(tmp_path: Path) -> None:
    for first in range(10, 26, 3):
        for second in range(1, 12, 2):
            folder = tmp_path / f"{first}-{second}"
            write(folder, OLD)
            assert killed_at(first, folder, NEW)
            killed_at(second, folder, NEW)
            with Output(folder):
                assert site(folder) in (OLD, NEW)
            assert write(folder, NEW, THREE).generation in {TWO, THREE}
            assert site(folder) == NEW


def test_first_build_killed_early_leaves_no_site_rather_than_half_a_site(tmp_path: Path) -> None:
    assert killed_at(8, tmp_path, OLD)
    with Output(tmp_path) as output:
        assert output.generation == ""
    assert site(tmp_path) == {}


def lost_power_at(step: int, folder: Path, files: Files) -> bool:
    """Like `killed_at`, and every file that was not on the disk by then is empty."""
    on_disk, log = set(written(folder)), folder.with_suffix(".log")

    def note(names: Iterable[str]) -> None:
        with log.open("a") as stream:
            stream.writelines(f"{name}\n" for name in names)

    sync, fsync = disk.sync, os.fsync
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(disk, "sync", lambda place: (sync(place), note(written(folder))))
        patched.setattr(os, "fsync", lambda number: (fsync(number), note([as_written(os.fstat(number))])))
        was_killed = killed_at(step, folder, files)
    on_disk |= set(log.read_text().splitlines()) if log.exists() else set()
    for name, file in written(folder).items():
        if name not in on_disk:
            file.write_bytes(b"")
    return was_killed


def written(folder: Path) -> dict[str, Path]:
    return {as_written(file.stat()): file for file in folder.rglob("*") if file.is_file()}


def as_written(status: os.stat_result) -> str:
    """A file with its bytes, whatever its name is by now."""
    return f"{status.st_ino} {status.st_mtime_ns}"


def test_power_cut_at_any_step_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    for step in range(1, 99):
        folder = tmp_path / str(step)
        write(folder, OLD)
        was_killed = lost_power_at(step, folder, NEW)
        assert finish(folder)
        assert site(folder) in (OLD, NEW)
        write(folder, NEW, THREE)
        assert site(folder) == NEW
        if not was_killed:
            return
    raise AssertionError("more steps than expected")


def test_power_cut_after_the_first_build_loses_nothing(tmp_path: Path) -> None:
    assert not lost_power_at(999, tmp_path / "site", OLD)
    assert site(tmp_path / "site") == OLD
    assert (tmp_path / "site/.manifest.json").read_bytes()


def test_disk_is_waited_for_before_the_journal_and_before_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, OLD)
    waits: list[tuple[Files, bool]] = []
    journal = tmp_path / ".staging/journal.json"
    monkeypatch.setattr(disk, "sync", lambda folder: waits.append((site(folder), journal.exists())))
    write(tmp_path, NEW, TWO)
    assert waits == [(OLD, False), (NEW, True)]


def other_boot(folder: Path) -> None:
    (folder / ".boot").write_text("another\n")


def planted_lock(folder: Path) -> None:
    (folder / ".lock").write_text("123\n")


def staged_rest(folder: Path) -> None:
    (folder / ".staging").mkdir()
    (folder / ".staging/half").write_bytes(b"ha")


@pytest.mark.parametrize("sign", [other_boot, planted_lock, staged_rest])
def test_files_are_compared_after_an_unclean_end_until_a_build_came_to_a_good_one(
    tmp_path: Path, sign: Callable[[Path], None]
) -> None:
    write(tmp_path, OLD)
    (tmp_path / "index.html").write_bytes(b"")
    sign(tmp_path)
    for _ in range(2):
        with Output(tmp_path) as output:
            assert output.damaged == {"index.html": "empty"}
    assert write(tmp_path, OLD).changed == 1
    before = times(tmp_path)
    with Output(tmp_path) as output:
        assert output.damaged == {}
    assert write(tmp_path, OLD).changed == 0
    assert times(tmp_path) == before


def test_what_pages_need_comes_first_and_what_goes_goes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"assets/a.css": b"a", "index.html": b"a", "sitemap.xml": b"a", "gone/index.html": b"gone"})
    done: list[str] = []
    for name in ("_move", "_remove"):
        monkeypatch.setattr(SiteFolder, name, noting(getattr(SiteFolder, name), done))
    write(tmp_path, {"assets/b.css": b"b", "index.html": b"b", "sitemap.xml": b"b", "feed.xml": b"b"}, TWO)
    assert done == ["assets/b.css", "feed.xml", "index.html", "sitemap.xml", "assets/a.css", "gone/index.html"]


def noting(step: Callable[..., None], done: list[str]) -> Callable[..., None]:
    def noted(folder: SiteFolder, path: str, *known: str) -> None:
        done.append(path)
        step(folder, path, *known)

    return noted


def test_what_goes_makes_room_for_what_comes(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"1", "b/c": b"1", "d": b"1"})
    write(tmp_path, {"a/x": b"2", "b": b"2"}, TWO)
    assert site(tmp_path) == {"a/x": b"2", "b": b"2"}


def test_second_build_at_once_names_the_first(tmp_path: Path) -> None:
    with (
        Output(tmp_path),
        pytest.raises(BuildRunning, match=rf"another build is running there \(pid {os.getpid()}, since 20.* UTC\)"),
        Output(tmp_path),
    ):
        pass
    assert write(tmp_path, OLD).changed == 5


def test_lock_ends_with_a_killed_process(tmp_path: Path) -> None:
    script = "import os, sys; from pathlib import Path; from generator.output.write import Output\n"
    script += "with Output(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert (tmp_path / ".lock").exists()
    assert write(tmp_path, OLD).changed == 5
    assert not (tmp_path / ".lock").exists()


def test_lock_whose_file_was_removed_meanwhile_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, removals = fcntl.flock, iter([(tmp_path / ".lock").unlink])

    def late(descriptor: int, operation: int) -> None:
        next(removals, lambda: None)()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with Output(tmp_path), pytest.raises(BuildRunning), Output(tmp_path):
        pass


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
        write(folder, NEW, TWO)
    with Output(folder) as output:
        output.add("index.html", b"alone")
        output.commit(TWO)
    assert (tmp_path / place / "a/index.html").read_bytes() == before


def test_two_pages_at_one_path_are_refused(tmp_path: Path) -> None:
    with Output(tmp_path) as output:
        output.add("index.html", b"1")
        with pytest.raises(BrokenSite, match=r"index\.html: two pages have this address"):
            output.add("index.html", b"2")


def test_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(OutputUnwritable) as error:
        write(tmp_path / "site", OLD)
    assert str(error.value) == f"{tmp_path}/site: file exists; name a folder that can be written (--out)"


def test_folder_of_a_stranger_in_the_way_stops_the_build_before_it_changes_anything(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "new").write_text("mine")
    before = times(tmp_path)
    with pytest.raises(OutputUnwritable, match=r"new: in the way of .*new/index\.html; move it away"):
        write(tmp_path, NEW)
    assert times(tmp_path) == before


def test_pipe_in_the_place_of_a_folder_stops_the_build_before_it_changes_anything(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    os.mkfifo(tmp_path / "new")
    with pytest.raises(OutputUnwritable, match=r"new: in the way of .*new/index\.html; move it away"):
        write(tmp_path, NEW, TWO)
    assert site(tmp_path) == OLD
    assert not (tmp_path / ".staging").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputUnwritable, match="permission denied"):
        write(tmp_path, OLD)


def test_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)

    def full(file: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(disk, "write", full)
    with pytest.raises(OutputUnwritable, match="the disk is full; the site there is as it was"):
        write(tmp_path, NEW)
    assert times(tmp_path) == before


GARBAGE = [b"", b"{", b"\xff\xfe", b"[]", b'{"files": []}', b'{"files": {"a": 1}}', b"[" * 100_000, b"\0" * 4096]


def our_page(path: str, words: str = "") -> bytes:
    address = "https://gpus.example/" + path.removesuffix("index.html")
    return MARK + f'<link rel="canonical" href="{address}">{words}'.encode()


def our_pages(words: str) -> Files:
    return {path: our_page(path, words) for path in ("index.html", "gpu/a/index.html")} | {"robots.txt": words.encode()}


@pytest.mark.parametrize("data", GARBAGE)
def test_lost_manifest_leaves_what_builds_wrote_and_what_strangers_did(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, our_pages("old") | {"old/index.html": our_page("old/index.html"), "assets/old.css": b"old"})
    (tmp_path / "CNAME").write_text("gpus.example")
    (tmp_path / "copy.html").write_bytes(our_page("index.html"))
    (tmp_path / ".manifest.json").write_bytes(data)
    with Output(tmp_path) as output:
        assert output.is_lost
        for path, page in our_pages("new").items():
            output.add(path, page)
        output.commit(TWO)
        assert output.left == ["CNAME", "assets/old.css", "copy.html"]
    kept = {"CNAME": b"gpus.example", "assets/old.css": b"old", "copy.html": our_page("index.html")}
    assert site(tmp_path) == {**our_pages("new"), **kept}


def test_manifest_of_another_state_counts_as_lost(tmp_path: Path) -> None:
    write(tmp_path, our_pages("old"))
    old = (tmp_path / ".manifest.json").read_bytes()
    write(tmp_path, our_pages("new"), TWO)
    (tmp_path / ".manifest.json").write_bytes(old)
    with Output(tmp_path) as output:
        assert output.is_lost
        for path, page in our_pages("new").items():
            output.add(path, page)
        output.commit(THREE)
    assert json.loads((tmp_path / ".manifest.json").read_text())["generation"] == THREE
    with Output(tmp_path) as output:
        assert not output.is_lost


@pytest.mark.parametrize("damage", [b"", b"\0\0\0"])
def test_page_that_a_power_cut_emptied_is_written_again_though_the_manifest_is_lost(
    tmp_path: Path, damage: bytes
) -> None:
    write(tmp_path, our_pages("old"))
    (tmp_path / ".manifest.json").write_bytes(b"")
    (tmp_path / "index.html").write_bytes(damage)
    write(tmp_path, our_pages("new"), TWO)
    assert site(tmp_path) == our_pages("new")


def test_page_that_a_record_vouches_for_is_written_again_though_the_manifest_is_lost(tmp_path: Path) -> None:
    write(tmp_path, our_pages("old"))
    (tmp_path / ".manifest.json").unlink()
    (tmp_path / "index.html").write_bytes(b"by hand")
    with pytest.raises(OutputUnwritable, match=r"index\.html: no build wrote this file"):
        write(tmp_path, our_pages("new"), TWO)
    with Output(tmp_path) as output:
        output.vouch(["index.html"])
        assert output.add("index.html", b"new")


@pytest.mark.parametrize("data", [*GARBAGE, b'{"generation": 1, "hashes": {}, "moves": [], "removes": []}'])
def test_unreadable_journal_counts_as_none_and_files_are_compared(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, OLD)
    (tmp_path / ".staging").mkdir()
    (tmp_path / ".staging/journal.json").write_bytes(data)
    (tmp_path / "gpu/a/index.html").write_bytes(b"of another build")
    assert not finish(tmp_path)
    with Output(tmp_path) as output:
        assert output.damaged == {"gpu/a/index.html": "changed"}
    assert write(tmp_path, OLD, TWO).changed == 1
    assert site(tmp_path) == OLD
    assert finish(tmp_path)
    assert not (tmp_path / ".staging").exists()


OUTWARD = ["../precious", "/{0}/precious", "gpu/../../precious", ".git/config", "gpu/.git/x", "link/precious", "CNAME"]


@pytest.fixture
def attacked(tmp_path: Path) -> Iterator[Path]:
    """A site beside files that are none of a build's business, which are looked at in the end."""
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
    write(attacked, NEW, TWO)
    assert {name: data for name, data in site(attacked).items() if name in NEW} == NEW
    assert json.loads((attacked / ".manifest.json").read_text())["files"].keys() == NEW.keys()


@pytest.mark.parametrize("path", OUTWARD)
@pytest.mark.parametrize("part", ["removes", "moves"])
def test_path_in_the_journal_touches_nothing_of_others(attacked: Path, path: str, part: str) -> None:
    path = path.format(attacked.parent)
    (attacked / ".staging").mkdir()
    (attacked / ".staging" / disk.hashed(path.encode())).write_bytes(b"theirs")
    journal = {"generation": TWO, "hashes": {}, "moves": [], "removes": [], part: [path]}
    (attacked / ".staging/journal.json").write_text(json.dumps(journal))
    with suppress(OutputUnwritable):
        finish(attacked)
    (attacked / "link").unlink()
    write(attacked, OLD, THREE)
    assert finish(attacked)


@pytest.mark.parametrize("name", [".lock", ".boot", ".boot.new", ".generation", ".manifest.json", ".manifest.json.new"])
@pytest.mark.parametrize("planted", [os.symlink, os.link])
def test_link_in_the_place_of_what_builds_keep_leads_nowhere(
    tmp_path: Path, name: str, planted: Callable[[Path, Path], None]
) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    folder = tmp_path / "site"
    write(folder, OLD)
    (folder / name).unlink(missing_ok=True)
    planted(tmp_path / "precious", folder / name)
    for files in (NEW, OLD):
        with suppress(OutputUnwritable):
            write(folder, files, TWO)
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_lock_that_is_a_link_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".lock").symlink_to(tmp_path / "precious")
    with pytest.raises(OutputUnwritable, match=r"\.lock: a link, which no build makes; remove it; name a folder"):
        write(tmp_path, OLD)
    assert not (tmp_path / "precious").exists()


def test_lock_that_is_somebody_s_file_by_another_name_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/.lock").hardlink_to(tmp_path / "precious")
    write(tmp_path / "site", OLD)
    assert (tmp_path / "precious").read_bytes() == b""


def test_pipe_that_no_build_made_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "index.html")
    with pytest.raises(OutputUnwritable, match="no build wrote this file"):
        write(tmp_path, OLD)
    assert (tmp_path / "index.html").is_fifo()


def test_staging_that_is_a_link_is_refused_in_one_line(tmp_path: Path) -> None:
    write(tmp_path / "site", OLD)
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/journal.json").write_bytes(b"mine")
    (tmp_path / "site/.staging").symlink_to(tmp_path / "precious")
    with pytest.raises(OutputUnwritable, match=r"site/\.staging: not a folder, as builds make it; remove it"):
        write(tmp_path / "site", NEW)
    assert (tmp_path / "precious/journal.json").read_bytes() == b"mine"


def test_staged_name_that_is_a_link_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    write(tmp_path / "site", OLD)
    (tmp_path / "site/.staging").mkdir()
    (tmp_path / "site/.staging" / disk.hashed(b"index.html")).symlink_to(tmp_path / "precious")
    write(tmp_path / "site", NEW, TWO)
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert site(tmp_path / "site") == NEW


def test_token_that_is_none_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / ".generation").write_bytes(b"\xffmade up")
    assert write(tmp_path, OLD, TWO).generation == TWO
