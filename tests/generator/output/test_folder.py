import json
from pathlib import Path

import pytest

from generator.errors import OutputUnwritable
from generator.output.folder import MARK
from generator.output.write import Output, finish
from tests.generator.output.sites import OLD, Files, site, write

GARBAGE = [b"", b"{", b"\xff\xfe", b"[]", b'{"files": []}', b'{"files": {"a": 1}}', b"[" * 100_000, b"\0" * 4096]


def our_page(path: str, words: str = "") -> bytes:
    address = "https://gpus.example/" + path.removesuffix("index.html")
    return MARK + f'<link rel="canonical" href="{address}">{words}'.encode()


def our_pages(words: str) -> Files:
    return {path: our_page(path, words) for path in ("index.html", "gpu/a/index.html")} | {"robots.txt": words.encode()}


@pytest.mark.parametrize("data", GARBAGE)
def test_with_a_lost_manifest_our_pages_are_replaced_and_other_files_stay(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, our_pages("old") | {"old/index.html": our_page("old/index.html"), "assets/old.css": b"old"})
    (tmp_path / "CNAME").write_text("gpus.example")
    (tmp_path / "copy.html").write_bytes(our_page("index.html"))
    (tmp_path / ".manifest.json").write_bytes(data)
    with Output(tmp_path) as output:
        assert output.is_lost
        for path, page in our_pages("new").items():
            output.add(path, page)
        output.commit()
        assert output.left == ["CNAME", "assets/old.css", "copy.html"]
    kept = {"CNAME": b"gpus.example", "assets/old.css": b"old", "copy.html": our_page("index.html")}
    assert site(tmp_path) == {**our_pages("new"), **kept}


def test_manifest_of_another_state_counts_as_lost(tmp_path: Path) -> None:
    write(tmp_path, our_pages("old"))
    old = (tmp_path / ".manifest.json").read_bytes()
    write(tmp_path, our_pages("new"))
    (tmp_path / ".manifest.json").write_bytes(old)
    with Output(tmp_path) as output:
        assert output.is_lost
        for path, page in our_pages("new").items():
            output.add(path, page)
        token = output.commit().generation
    assert json.loads((tmp_path / ".manifest.json").read_text())["generation"] == token
    with Output(tmp_path) as output:
        assert not output.is_lost


@pytest.mark.parametrize("damage", [b"", b"\0\0\0"])
def test_page_that_a_power_cut_emptied_is_written_again_though_the_manifest_is_lost(
    tmp_path: Path, damage: bytes
) -> None:
    write(tmp_path, our_pages("old"))
    (tmp_path / ".manifest.json").write_bytes(b"")
    (tmp_path / "index.html").write_bytes(damage)
    write(tmp_path, our_pages("new"))
    assert site(tmp_path) == our_pages("new")


def test_page_that_a_record_vouches_for_is_written_again_though_the_manifest_is_lost(tmp_path: Path) -> None:
    write(tmp_path, our_pages("old"))
    (tmp_path / ".manifest.json").unlink()
    (tmp_path / "index.html").write_bytes(b"by hand")
    with pytest.raises(OutputUnwritable, match=r"index\.html: no build wrote this file"):
        write(tmp_path, our_pages("new"))
    with Output(tmp_path) as output:
        output.vouch({"index.html": "another"})
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
    assert write(tmp_path, OLD).changed == 1
    assert site(tmp_path) == OLD
    assert finish(tmp_path)
    assert not (tmp_path / ".staging").exists()


def test_invalid_token_is_replaced(tmp_path: Path) -> None:
    token = write(tmp_path, OLD).generation
    (tmp_path / ".generation").write_bytes(b"\xffmade up")
    assert write(tmp_path, OLD).generation == token
    assert (tmp_path / ".generation").read_text() == f"{token}\n"
