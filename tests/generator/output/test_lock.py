import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import BuildRunning, OutputUnwritable
from generator.output.write import Output
from tests.generator.output.sites import OLD, write


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


def test_lock_that_a_killed_build_s_processes_still_hold_is_waited_for(tmp_path: Path) -> None:
    script = "import os, sys, time; from pathlib import Path; from generator.output.write import Output\n"
    script += (
        "with Output(Path(sys.argv[1])):\n    os.fork() and os.kill(os.getpid(), 9)\n    time.sleep(1); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert write(tmp_path, OLD).changed == 5


def test_lock_whose_file_was_removed_meanwhile_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, removals = fcntl.flock, iter([(tmp_path / ".lock").unlink])

    def late(descriptor: int, operation: int) -> None:
        next(removals, lambda: None)()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with Output(tmp_path), pytest.raises(BuildRunning), Output(tmp_path):
        pass


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
