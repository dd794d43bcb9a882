import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import BrokenSite, BuildError, BuildRunning, OutputUnwritable
from generator.write import Output, Written

Files = dict[str, bytes]
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


def write(folder: Path, files: Files, generation: str = "g1") -> Written:
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
        writes = event == "open" and isinstance(arguments[1], str) and arguments[1] not in {"r", "rb"}
        if (writes or event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}) and str(folder) in str(arguments[0]):
            steps += 1
            if steps == step:
                os._exit(9)

    if (child := os.fork()) == 0:
        sys.addaudithook(die)
        write(folder, files, "g2")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_first_build_writes_every_file_and_its_token(tmp_path: Path) -> None:
    assert write(tmp_path / "site", OLD) == Written(5, 0, 0, "g1", tuple(sorted(OLD)))
    assert site(tmp_path / "site") == OLD


def test_second_build_without_change_writes_nothing_and_keeps_the_token(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    assert write(tmp_path, OLD, "g2") == Written(0, 5, 0, "g1")
    assert times(tmp_path) == before


def test_change_touches_changed_files_only(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    assert write(tmp_path, NEW, "g2") == Written(
        4, 1, 2, "g2", ("file/index.html", "gpu/a/index.html", "index.html", "new/index.html")
    )
    assert site(tmp_path) == NEW
    same = str(tmp_path / "gpu/b/index.html")
    assert times(tmp_path)[same] == before[same]


def test_kept_files_stay_without_being_handed_over_again(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with Output(tmp_path) as output:
        output.add("index.html", b"new home")
        output.keep(path for path in output.files if path.startswith("gpu/"))
        assert output.commit("g2") == Written(1, 2, 2, "g2", ("index.html",))
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


def test_file_damaged_by_hand_is_found_and_written_again(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "index.html").write_text("damaged")
    (tmp_path / "file").unlink()
    with Output(tmp_path) as output:
        assert output.damaged() == {"index.html", "file"}
    assert write(tmp_path, OLD).changed == 2
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
            assert write(folder, NEW, "g3").generation in {"g2", "g3"}
            assert site(folder) == NEW


def test_first_build_killed_early_leaves_no_site_rather_than_half_a_site(tmp_path: Path) -> None:
    assert killed_at(8, tmp_path, OLD)
    with Output(tmp_path) as output:
        assert output.generation == ""
    assert site(tmp_path) == {}


def test_bytes_lost_in_a_power_cut_are_written_again(tmp_path: Path) -> None:
    for step in range(1, 99):
        folder = tmp_path / str(step)
        assert killed_at(step, folder, OLD)
        if (folder / "index.html").exists():
            break
    (folder / "index.html").write_bytes(b"")
    with Output(folder) as output:
        assert output.damaged() == {"index.html"}
    write(folder, OLD)
    assert site(folder) == OLD


def test_second_build_at_once_names_the_first(tmp_path: Path) -> None:
    with (
        Output(tmp_path),
        pytest.raises(BuildRunning, match=rf"another build is running there \(pid {os.getpid()}, since 20.* UTC\)"),
        Output(tmp_path),
    ):
        pass
    assert write(tmp_path, OLD).changed == 5


def test_lock_ends_with_a_killed_process(tmp_path: Path) -> None:
    script = "import os, sys; from pathlib import Path; from generator.write import Output\n"
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


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/gpu").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputUnwritable, match="a link that leads out"):
        write(tmp_path / "site", OLD)
    assert list((tmp_path / "elsewhere").iterdir()) == []


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

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputUnwritable, match="the disk is full; the site there is as it was"):
        write(tmp_path, NEW)
    assert times(tmp_path) == before


def test_unreadable_manifest_is_named(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / ".manifest.json").write_text("{")
    with pytest.raises(OutputUnwritable, match=r"\.manifest\.json: not a list of the files that builds wrote"):
        write(tmp_path, NEW)
