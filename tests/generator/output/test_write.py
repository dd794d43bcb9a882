import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import BrokenSite, BuildError, OutputUnwritable
from generator.output import disk
from generator.output.folder import SiteFolder
from generator.output.write import Output, Written
from tests.generator.output.sites import NEW, OLD, site, times, write


def counts(written: Written) -> tuple[int, int, int]:
    return written.changed, written.unchanged, written.removed


def test_first_build_writes_every_file_and_its_token(tmp_path: Path) -> None:
    written = write(tmp_path / "site", OLD)
    assert counts(written) == (5, 0, 0)
    assert (tmp_path / "site/.generation").read_text() == f"{written.generation}\n"
    assert site(tmp_path / "site") == OLD


def test_a_folder_that_is_a_link_means_the_one_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "site").symlink_to(tmp_path / "www")
    write(tmp_path / "site", OLD)
    assert write(tmp_path / "www", NEW).generation == write(tmp_path / "site", NEW).generation
    assert site(tmp_path / "www") == NEW
    assert (tmp_path / "site").is_symlink()


def test_folders_of_one_state_carry_the_same_token_and_of_another_state_another(tmp_path: Path) -> None:
    token = write(tmp_path / "one", OLD).generation
    assert write(tmp_path / "two", dict(reversed(OLD.items()))).generation == token
    assert write(tmp_path / "two", NEW).generation != token
    assert write(tmp_path / "two", OLD).generation == token
    assert write(tmp_path / "three", {**OLD, "file": b"b"}).generation != token


def test_folder_that_carries_another_token_than_expected_is_compared(tmp_path: Path) -> None:
    token = write(tmp_path, OLD).generation
    (tmp_path / "index.html").write_bytes(b"by hand")
    with Output(tmp_path, expected=token) as output:
        assert output.damaged == {}
    with Output(tmp_path, expected="another") as output:
        assert output.damaged == {"index.html": "changed"}


def test_second_build_without_change_writes_nothing_and_keeps_the_token(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    assert counts(write(tmp_path, OLD)) == (0, 5, 0)
    assert times(tmp_path) == before


def test_change_touches_changed_files_only(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = times(tmp_path)
    assert counts(write(tmp_path, NEW)) == (4, 1, 2)
    assert site(tmp_path) == NEW
    same = str(tmp_path / "gpu/b/index.html")
    assert times(tmp_path)[same] == before[same]


def test_kept_files_stay_without_being_handed_over_again(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with Output(tmp_path) as output:
        output.add("index.html", b"new home")
        output.keep(path for path in output.files if path.startswith("gpu/"))
        assert counts(output.commit()) == (1, 2, 2)
    assert sorted(site(tmp_path)) == ["gpu/a/index.html", "gpu/b/index.html", "index.html"]


def test_all_files_but_some_are_kept_and_those_added_replace_theirs(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with Output(tmp_path) as output:
        output.add("index.html", b"new home")
        output.keep_all_but(["gone/index.html"])
        assert counts(output.commit()) == (1, 3, 1)
    assert site(tmp_path) == {path: data for path, data in OLD.items() if path != "gone/index.html"} | {
        "index.html": b"new home"
    }


def test_files_and_folders_of_others_are_left_alone(tmp_path: Path) -> None:
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


def test_assets_are_moved_first_and_removals_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"assets/a.css": b"a", "index.html": b"a", "sitemap.xml": b"a", "gone/index.html": b"gone"})
    done: list[str] = []
    for name in ("_move", "_remove"):
        monkeypatch.setattr(SiteFolder, name, noting(getattr(SiteFolder, name), done))
    write(tmp_path, {"assets/b.css": b"b", "index.html": b"b", "sitemap.xml": b"b", "feed.xml": b"b"})
    assert done == ["assets/b.css", "feed.xml", "index.html", "sitemap.xml", "assets/a.css", "gone/index.html"]


def noting(step: Callable[..., None], done: list[str]) -> Callable[..., None]:
    def noted(folder: SiteFolder, path: str, *known: str) -> None:
        done.append(path)
        step(folder, path, *known)

    return noted


def test_removed_files_make_room_for_new_ones(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"1", "b/c": b"1", "d": b"1"})
    write(tmp_path, {"a/x": b"2", "b": b"2"})
    assert site(tmp_path) == {"a/x": b"2", "b": b"2"}


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


def test_file_of_others_in_the_way_stops_the_build_before_it_changes_anything(tmp_path: Path) -> None:
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
        write(tmp_path, NEW)
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


def test_pipe_that_no_build_made_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "index.html")
    with pytest.raises(OutputUnwritable, match="no build wrote this file"):
        write(tmp_path, OLD)
    assert (tmp_path / "index.html").is_fifo()
