import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from generator.output import disk
from generator.output.write import Output, finish
from tests.generator.output.sites import NEW, OLD, Files, site, times, write


def killed_at(step: int, folder: Path, files: Files) -> bool:
    """Build in a process that dies just before its step-th change of the disk; return False where it made fewer."""
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
        write(folder, files)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


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
    token = write(tmp_path / "whole", NEW).generation
    for first in range(10, 26, 3):
        for second in range(1, 12, 2):
            folder = tmp_path / f"{first}-{second}"
            write(folder, OLD)
            assert killed_at(first, folder, NEW)
            killed_at(second, folder, NEW)
            with Output(folder):
                assert site(folder) in (OLD, NEW)
            assert write(folder, NEW).generation == token
            assert site(folder) == NEW


def test_first_build_killed_early_leaves_no_site_rather_than_half_a_site(tmp_path: Path) -> None:
    assert killed_at(8, tmp_path, OLD)
    with Output(tmp_path) as output:
        assert output.generation == ""
    assert site(tmp_path) == {}


def lost_power_at(step: int, folder: Path, files: Files) -> bool:
    """Like `killed_at`; then empty every file that was not synced to the disk by then."""
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
    """What identifies a file with its bytes, whatever its name is by now."""
    return f"{status.st_ino} {status.st_mtime_ns}"


def test_power_cut_at_any_step_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    for step in range(1, 99):
        folder = tmp_path / str(step)
        write(folder, OLD)
        was_killed = lost_power_at(step, folder, NEW)
        assert finish(folder)
        assert site(folder) in (OLD, NEW)
        write(folder, NEW)
        assert site(folder) == NEW
        if not was_killed:
            return
    raise AssertionError("more steps than expected")


def test_power_cut_after_the_first_build_loses_nothing(tmp_path: Path) -> None:
    assert not lost_power_at(999, tmp_path / "site", OLD)
    assert site(tmp_path / "site") == OLD
    assert (tmp_path / "site/.manifest.json").read_bytes()


def test_files_are_synced_before_the_journal_is_written_and_before_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, OLD)
    waits: list[tuple[Files, bool]] = []
    journal = tmp_path / ".staging/journal.json"
    monkeypatch.setattr(disk, "sync", lambda folder: waits.append((site(folder), journal.exists())))
    write(tmp_path, NEW)
    assert waits == [(OLD, False), (NEW, True)]


def other_boot(folder: Path) -> None:
    (folder / ".boot").write_text("another\n")


def planted_lock(folder: Path) -> None:
    (folder / ".lock").write_text("123\n")


def staged_rest(folder: Path) -> None:
    (folder / ".staging").mkdir()
    (folder / ".staging/half").write_bytes(b"ha")


@pytest.mark.parametrize("sign", [other_boot, planted_lock, staged_rest])
def test_files_are_compared_after_an_unclean_end_until_a_build_ends_well(
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
