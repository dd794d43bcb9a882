import gzip
import os

import pytest

from scrapers import fact_files, text_files
from scrapers.text_files import DamagedFile


def damage(path, read=text_files.text):
    with pytest.raises(DamagedFile) as found:
        read(path)
    assert found.value.message.startswith(f"{path}: ")
    assert "\n" not in found.value.message
    return found.value.message.removeprefix(f"{path}: ")


def table(path):
    return list(text_files.table(path).rows)


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes("slug,name\né,b\n".encode("utf-8-sig"))
    assert text_files.text(file) == "slug,name\né,b\n"
    assert table(file) == [(2, {"slug": "é", "name": "b"})]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda file: None, "can't be read: No such file or directory"),
        (lambda file: file.mkdir(), "can't be read: Is a directory"),
        (os.mkfifo, "can't be read: not a regular file"),
        (lambda file: file.symlink_to("/dev/zero"), "can't be read: not a regular file"),
        (lambda file: file.symlink_to("nowhere"), "can't be read: No such file or directory"),
        (lambda file: file.symlink_to(file.name), "can't be read: Too many levels of symbolic links"),
    ],
    ids=["none", "folder", "pipe", "device", "dangling", "loop"],
)
@pytest.mark.parametrize("read", [text_files.text, table])
def test_only_regular_files_are_read(make, problem, read, tmp_path):
    make(tmp_path / "a.csv")
    assert damage(tmp_path / "a.csv", read) == problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a,b\n1,2\n3,\0\n", "line 3: U+0000, a control character; take it out"),
        (b"a,b\n1,\x1b[2J\n", "line 2: U+001B, a control character; take it out"),
        (b"a,b\n\xe9,2\n", "line 2: byte 0 is not UTF-8; save the file as UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: byte 0 is not UTF-8; save the file as UTF-8"),
        (b"a,b\n1,2\n3\n", "line 3: 1 fields; expected 2: a, b"),
        (b"a,b\n1,2,3\n", "line 2: 3 fields; expected 2: a, b"),
        (b"a,a\n1,2\n", 'line 1: column "a" is there twice; it must be unique'),
        (b'a,b\n1,"2\n', "line 2: unexpected end of data; expected comma-separated values"),
        (b"a,b\n" + b"1" * 200_000, "line 2: more than 100,000 bytes; expected a shorter line"),
        (b'a,b\n"' + b"1\n" * 200_000, "expected comma-separated values"),
    ],
    ids=["nul", "escape", "latin", "utf-16", "short", "long", "twice", "quote", "line", "field"],
)
def test_what_is_wrong_with_a_table_is_a_line(content, problem, tmp_path):
    (tmp_path / "a.csv").write_bytes(content)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content))
    assert damage(tmp_path / "a.csv", table).endswith(problem)
    assert damage(tmp_path / "a.csv.gz", table).endswith(problem)


@pytest.mark.parametrize(
    "filler", [b"\0", b"a,b\n", b"\n", b"a" * 90_000 + b"\n"], ids=["nul", "rows", "empty", "wide"]
)
def test_a_bomb_is_refused_before_it_fills_the_memory(filler, tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "UNPACKED_MAXIMUM", 10_000_000)
    monkeypatch.setattr(text_files, "LINES_MAXIMUM", 100_000)
    with gzip.open(tmp_path / "a.csv.gz", "wb", compresslevel=1) as file:
        for _ in range(20):
            file.write(filler * (1_000_000 // len(filler)))
    assert "expected" in damage(tmp_path / "a.csv.gz", lambda path: sum(1 for _ in text_files.rows(path)))


@pytest.mark.parametrize("cut", [0, 5, 20, -4])
def test_a_cut_archive_is_a_line(cut, tmp_path):
    whole = gzip.compress(os.urandom(100).hex().encode())
    (tmp_path / "a.csv.gz").write_bytes(whole[:cut] or b"x")
    assert damage(tmp_path / "a.csv.gz", lambda path: list(text_files.rows(path))).endswith("; expected gzipped CSV")


def test_a_large_text_is_refused(tmp_path):
    (tmp_path / "a.md").write_text("a" * 101)
    assert damage(tmp_path / "a.md", lambda path: text_files.text(path, 100)).startswith("more than 100 bytes")


def test_a_name_is_shown_in_one_line_of_what_can_be_printed():
    assert text_files.shown("a\udcff\n\x1b[2Jé.md") == "a\\udcff\\n\\x1b[2Jé.md"


@pytest.fixture
def facts(tmp_path):
    for path in fact_files.FACTS.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_the_facts_that_the_project_ships_can_be_read():
    fact_files.check()


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("regions.csv", "Tokyo 2,JP,", "Tokyo 2,ZZ,", 'regions.csv: line 2: country "ZZ": expected one of continents'),
        ("regions.csv", ",linodego", ",nobody", 'regions.csv: line 2: list "nobody": expected one of region_lists'),
        (
            "regions.csv",
            "provider,region,",
            "provider,code,",
            'regions.csv: line 1: no column "region"; expected provi',
        ),
        ("continents.csv", "\nAE,", "\nAD,", "continents.csv: line 3: AD: is there twice"),
        ("machine_places.csv", "gcp,", "gcp,\0", "machine_places.csv: line 2: U+0000"),
        ("machine_pricing.csv", ",spot,", ',"spot,', "machine_pricing.csv: line "),
        ("upstream_clouds.csv", "akash,akash,", "akash,akash,,", "upstream_clouds.csv: line 2: 5 fields; expected 4"),
    ],
)
def test_a_damaged_file_of_facts_is_a_line(file, old, new, problem, facts):
    text = (facts / file).read_text("utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DamagedFile) as found:
        fact_files.check(facts)
    assert problem in found.value.message
    assert "\n" not in found.value.message
