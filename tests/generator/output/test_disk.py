import errno
import os
from pathlib import Path

import pytest

from generator.errors import OutputUnwritable
from generator.output import disk


def test_file_is_read_up_to_a_size(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"words")
    assert disk.read(tmp_path / "file") == disk.read(tmp_path / "file", 5) == b"words"
    assert disk.read(tmp_path / "file", 4) is None


def test_nothing_but_a_plain_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(1 << 40)
    for name in ("link", "folder", "huge", "nothing", "a\0b"):
        assert disk.read(tmp_path / name) is None
    assert not disk.read(tmp_path / "pipe")


@pytest.mark.parametrize("planted", [os.symlink, os.link])
def test_file_is_replaced_without_a_look_at_what_stood_for_it(tmp_path: Path, planted: object) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    for name in ("file", "file.new"):
        planted(tmp_path / "precious", tmp_path / name)  # type: ignore[operator]
    disk.replace(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert not (tmp_path / "file.new").exists()


def test_disk_is_waited_for_and_its_error_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.sync(tmp_path)
    monkeypatch.setattr(disk, "_syncfs", lambda: lambda _descriptor: errno.EIO)
    with pytest.raises(OutputUnwritable, match="input/output error; try again"), disk.explained(tmp_path, "try again"):
        disk.sync(tmp_path)


@pytest.mark.parametrize("refusal", [errno.ENOSYS, errno.EPERM])
def test_whole_machine_writes_where_one_file_system_can_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(disk, "_syncfs", lambda: lambda _descriptor: refusal)
    monkeypatch.setattr(os, "sync", lambda: asked.append(True))
    disk.sync(tmp_path)
    assert asked == [True]
