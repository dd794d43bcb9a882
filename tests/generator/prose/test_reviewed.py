import csv
import os
import re
import time
from datetime import date
from pathlib import Path

import pytest
import yaml

from generator.errors import BrokenContent
from generator.prose import bindings, bound, calls, figures, reviewed, texts
from generator.prose.calls import Call
from generator.prose.markdown import to_html

ROOT = Path(__file__).parents[3]
CONTENT, SEED = ROOT / "content", ROOT / "sql" / "seed"

WRITTEN = """---
title: What is spot?
description: What a spot price buys.
summary: Spot at {{ spot_floor:h100-sxm }} can end at any moment.
author: CloudGPUs
published_on: 2026-11-22
sources:
  - title: A manual
    url: https://docs.example/spot
  - {title: 'A standard: two', url: https://standard.example/}
related: [other]   # by hand
---

# Spot

It ends.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / "spot.md").write_text(WRITTEN)
    (folder / "other.md").write_text(WRITTEN.replace("related: [other]", "related: [spot]"))
    return folder


def edit(folder: Path, old: str, new: str) -> tuple[list[str], list[str]]:
    (folder / "spot.md").write_text(WRITTEN.replace(old, new))
    reading = reviewed.read(folder)
    lines = [problem.message.removeprefix(f"{folder}/") for problem in reading.problems]
    return [guide.slug for guide in reading.texts], lines


def test_guide_has_its_fields(folder):
    guide = reviewed.read_one(folder / "spot.md")
    assert (guide.slug, guide.title, guide.published_on) == ("spot", "What is spot?", date(2026, 11, 22))
    assert [source.url for source in guide.sources] == ["https://docs.example/spot", "https://standard.example/"]
    assert guide.text == "# Spot\n\nIt ends."
    assert (guide.related, guide.gpus, guide.reviewed_by) == (("other",), (), None)


def test_guides_of_a_folder_come_by_slug(folder):
    assert [guide.slug for guide in reviewed.read(folder).texts] == ["other", "spot"]
    assert reviewed.read(folder / "nowhere") == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: What is spot?\n", "", "spot.md: title: missing; expected a value in the front matter"),
        ("title: What", f"title: {'W' * 70}", "spot.md: title: found 'WWWWWW"),
        ("buys.", "buys" * 50, "(218 characters); expected: String should have at most 155 characters"),
        ("author:", "autor: me\nauthor:", "spot.md: autor: unknown field; expected one of title, description,"),
        ("2026-11-22", "soon", "spot.md: published_on: found 'soon'; expected: Input should be a valid date"),
        ("2026-11-22", "2026-13-22", "spot.md: front matter: month must be in 1..12"),
        (
            "https://docs",
            "http://docs",
            "spot.md: sources.1.url: found 'http://docs.example/spot'; expected: an address",
        ),
        ("  - {title: 'A standard: two', url: https://standard.example/}\n", "", "Tuple should have at least 2 items"),
        ("title: What", "title: [What", "spot.md: front matter is not YAML: line 3: "),
        ("---\n\n#", "\n#", 'spot.md: no front matter; expected "name: value" lines between two lines of ---'),
        ("# Spot\n\nIt ends.\n", "", "spot.md: text: found ''; expected: String should have at least 1 character"),
        ("It ends.", "{{ price:h100 }}", 'spot.md: unknown binding "price:h100"; allowed are floor, '),
        ("{{ spot_floor:h100-sxm }}", "{{ spot_floor }}", 'spot.md: binding "spot_floor" has 0 arguments'),
        ("It ends.", "It costs $2.49.", 'spot.md: found the price "$2.49"; expected a binding such as'),
        ("What a spot", "What {{ floor:h100-sxm }}", "spot.md: description: found 'What {{"),
        ("author: CloudGPUs", "slug: x\nauthor: me", "spot.md: slug: not a field"),
        ("[other]", "[nobody]", 'spot.md: related: no guide "nobody" in '),
        ("author:", "reviewed_hash: 1234567890123456\nauthor:", "reviewed_hash: found 1234567890123456; expected"),
    ],
)
def test_broken_front_matter_is_named_in_one_line(folder, old, new, line):
    slugs, lines = edit(folder, old, new)
    assert len(lines) == 1
    assert line in lines[0]
    assert "\n" not in lines[0]
    assert "other" in slugs


def test_broken_guide_is_left_out_and_all_its_problems_are_named(folder):
    slugs, lines = edit(folder, "title: What is spot?\ndescription: What a spot price buys.\n", "colour: red\n")
    assert slugs == ["other"]
    assert [line.split(":")[1].strip() for line in lines] == ["title", "description", "colour"]


def test_file_that_is_no_text_is_named(folder):
    (folder / "latin.md").write_bytes(WRITTEN.replace("spot?", "sp\xf6t?").encode("latin-1"))
    (folder / "folder.md").mkdir()
    lines = [problem.message for problem in reviewed.read(folder).problems]
    assert lines[0] == f"{folder}/folder.md: can't be read: Is a directory"
    assert lines[1].startswith(f"{folder}/latin.md: byte 21 is not UTF-8")


BROKEN_TEXTS = {
    "nul": ("It ends.", "It\0ends.", "line 16: U+0000, a control character; take it out"),
    "escape": ("It ends.", "It\x1b[2J ends.", "line 16: U+001B, a control character"),
    "large": ("It ends.", "It ends. " * 20_000, "more than 100,000 bytes; expected a smaller file"),
    "deep": ("[other]", "[" * 10_000, "front matter is not YAML: line 11: more than 8 levels"),
    "deep block": ("related: [other]", "related:\n" + "- " * 9_000, "more than 8 levels"),
    "alias": ("[other]", "&a [other]\ngpus: *a", 'line 11: found the anchor or alias "a"'),
    "tag": ("2026-11-22", "!!timestamp ''", "found the tag"),
    "long front": ("[other]", "[" + "other, " * 5_000 + "]", "front matter of more than 20,000 characters"),
    "braces": ("It ends.", "{{" * 40_000, '"{{" is not part of a binding'),
    "twice": ("author:", "author: A\nauthor:", '"author" is there twice'),
    "huge number": ("author: CloudGPUs", f"author: 0x{'f' * 9_000}", "author: found an unprintable int; expected"),
    "number": ("author:", "1: x\nauthor:", "2: "),
    "only marks": ("What is spot?", "\u200b\u202e", "title: found"),
    "separator": ("title: What is spot?", 'title: "What\\u2028is"', "title: found"),
    "address": ("https://docs.example/spot", "https://[docs.example", "sources.1.url: found"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN_TEXTS)
def test_a_text_that_would_stop_or_stall_a_build_is_one_line(folder, kind):
    old, new, line = BROKEN_TEXTS[kind]
    slugs, lines = edit(folder, old, new)
    assert slugs == ["other"]
    assert len(lines) == 1
    assert line in lines[0]
    assert lines[0].isprintable()
    assert len(lines[0]) < 400


@pytest.mark.parametrize(
    "name",
    [b"Spot.md", b"a b.md", b"sp\xf6t.md", b"a\nb.md", b"\x1b[2J.md", b"x" * 101 + b".md", b"..md", b"-.md", b"a_b.md"],
)
def test_a_name_that_is_no_slug_is_one_line(folder, name):
    Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text(WRITTEN)
    (problem,) = reviewed.read(folder).problems
    assert ".md: slug: found " in problem.message
    assert problem.message.isprintable()


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.mkdir()])
def test_what_is_no_plain_file_holds_nothing_up(folder, make):
    make(folder / "odd.md")
    (problem,) = reviewed.read(folder).problems
    assert problem.message.startswith(f"{folder}/odd.md: can't be read: ")


def test_of_many_problems_of_a_guide_ten_are_listed(folder):
    lines = edit(folder, "author:", "".join(f"x{number}: 1\n" for number in range(500)) + "author:")[1]
    assert (len(lines), lines[-1]) == (11, "and 490 more like the last one")


def test_a_byte_order_mark_is_no_part_of_a_guide_and_approval_takes_it(folder):
    path = folder / "spot.md"
    path.write_text(WRITTEN, "utf-8-sig")
    assert reviewed.approve(path, "A", date(2026, 11, 22)) == reviewed.read_one(path)
    assert reviewed.read_one(path).is_approved


def test_texts_keep_no_invisible_character(folder):
    edit(folder, "What is spot?", "\ufeffWhat \u202eis\u200b spot?")
    assert reviewed.read_one(folder / "spot.md").title == "What is spot?"


def read_and_show(folder, pattern, size):
    body = (pattern * size).encode()[:size].decode("utf-8", "ignore")
    (folder / "spot.md").write_text(WRITTEN.replace("It ends.", body))
    (folder / "other.md").write_text(f"---\n{body[:19_000]}\n---\nText")
    began = time.monotonic()
    reviewed.read(folder)
    bindings.unbound_prices(body)
    bindings.problems(body, "text")
    to_html(body)
    return time.monotonic() - began


@pytest.mark.parametrize("pattern", ["{{", "{{ ", ",,1", "a\n---\n"])
def test_a_nasty_text_is_read_and_shown_in_no_time(folder, pattern):
    assert read_and_show(folder, pattern, 40_000) < 10


NASTY = (
    *("{", "{{a", "}}", "{{}}", "1", "1,", ",1", "$1,", "1 ", "1-", "one ", "-", "---\n", "--- \n", "|", "|-|\n", "# "),
    *("## a\n", "1. ", "- ", "  - ", "> ", "[", "](", "[a](", "<", "<!--", "`", "*", "\\", "&#", "\n", " ", "\t"),
    *("\u200b", "a: b\n", "[a]: /b\n", "a|b\n-|-\n", "![", "[[]", "[a][", "**a ", "a\n", "'", '"', "\r", "é"),
)


@pytest.mark.long
@pytest.mark.parametrize("pattern", NASTY)
def test_the_nastiest_text_is_read_and_shown_in_a_few_seconds(folder, pattern):
    assert read_and_show(folder, pattern, 95_000) < 30


def test_one_broken_guide_raises_where_it_is_asked_for(folder):
    with pytest.raises(BrokenContent, match="No such file"):
        reviewed.read_one(folder / "none.md")


def test_guide_without_reviewer_is_a_draft(folder):
    assert not reviewed.read_one(folder / "spot.md").is_approved


def test_approval_adds_three_lines_and_moves_nothing_else(folder):
    guide = reviewed.approve(folder / "spot.md", 'The "editors": desk', date(2026, 11, 23))
    assert guide.is_approved
    lines = (folder / "spot.md").read_text().splitlines()
    added = [line for line in lines if line.startswith("reviewed_")]
    assert added == [
        'reviewed_by: "The \\"editors\\": desk"',
        "reviewed_on: 2026-11-23",
        f'reviewed_hash: "{guide.hash}"',
    ]
    assert "\n".join(line for line in lines if line not in added) + "\n" == WRITTEN


def test_second_approval_replaces_the_first(folder):
    reviewed.approve(folder / "spot.md", "A", date(2026, 11, 22))
    guide = reviewed.approve(folder / "spot.md", "B", date(2026, 11, 23))
    assert (guide.reviewed_by, guide.reviewed_on) == ("B", date(2026, 11, 23))
    assert (folder / "spot.md").read_text().count("reviewed_by") == 1


def test_approval_writes_through_no_link(folder, tmp_path):
    (tmp_path / "precious").write_text("mine")
    (folder / "spot.md.new").symlink_to(tmp_path / "precious")
    assert reviewed.approve(folder / "spot.md", "A", date(2026, 11, 22)).is_approved
    assert (tmp_path / "precious").read_text() == "mine"


def test_approval_keeps_windows_line_ends(folder):
    (folder / "spot.md").write_bytes(WRITTEN.replace("\n", "\r\n").encode())
    assert reviewed.approve(folder / "spot.md", "A", date(2026, 11, 22)).is_approved
    assert b"\n" not in (folder / "spot.md").read_bytes().replace(b"\r\n", b"")


@pytest.mark.parametrize("reviewer", ["", " ", "A\nB", "x" * 101])
def test_approval_wants_a_name_and_leaves_the_file_without(folder, reviewer):
    with pytest.raises(BrokenContent, match=r"spot\.md: reviewed_by: found"):
        reviewed.approve(folder / "spot.md", reviewer, date(2026, 11, 22))
    assert (folder / "spot.md").read_text() == WRITTEN


@pytest.mark.parametrize(
    ("old", "new"),
    [("It ends.", "It stays."), ("What is spot?", "Why?"), ("What a spot", "All a spot"), ("can end", "may end"),
     ("docs.example", "other.example")],
)  # fmt: skip
def test_any_change_of_what_readers_see_makes_a_draft(folder, old, new):
    path = folder / "spot.md"
    reviewed.approve(path, "A", date(2026, 11, 22))
    path.write_text(path.read_text().replace(old, new))
    assert not reviewed.read_one(path).is_approved


def test_space_at_line_ends_and_other_fields_leave_the_approval(folder):
    path = folder / "spot.md"
    reviewed.approve(path, "A", date(2026, 11, 22))
    path.write_text(path.read_text().replace("ends.\n", "ends.  \n\n").replace("[other]", "[]"))
    assert reviewed.read_one(path).is_approved


def test_hash_is_sha256_of_the_text():
    assert texts.text_hash("abc \r\n\r\n") == "ba7816bf8f01cfea" == texts.text_hash("\nabc")


def test_every_guide_of_the_project_can_be_read():
    reading = reviewed.read(CONTENT / "guides")
    assert [problem.message for problem in reading.problems] == []
    assert len(reading.texts) >= 4


def test_the_four_main_guides_are_approved():
    approved = {guide.slug for guide in reviewed.read(CONTENT / "guides").texts if guide.is_approved}
    assert approved >= {
        "sxm-pcie-nvl",
        "on-demand-spot-reserved",
        "what-the-hourly-price-leaves-out",
        "how-to-read-a-price-here",
    }


def test_guides_have_a_table_a_checklist_and_enough_to_read():
    for guide in reviewed.read(CONTENT / "guides").texts:
        assert "\n|---" in guide.text, guide.slug
        assert "checklist" in guide.text.casefold(), guide.slug
        assert 700 <= len(guide.text.split()) <= 1400, guide.slug


def test_bindings_name_gpus_and_providers_of_the_seeds():
    with (SEED / "gpus.csv").open() as file:
        known = {row["slug"] for row in csv.DictReader(file)}
    known |= {provider["slug"] for provider in yaml.safe_load((SEED / "providers.yaml").read_text())}
    for path in CONTENT.rglob("*.md"):
        text = path.read_text()
        named = {
            given
            for binding in map(Call, (one.source for one in bound.parse(text).bindings))
            for given, kind in zip(binding.arguments, figures.FUNCTIONS[binding.name].parameters, strict=True)
            if kind in {calls.GPU, calls.PROVIDER}
        }
        assert named - known == set(), path


def test_a_cited_figure_names_a_source_of_its_text_that_was_read_on_a_day(tmp_path):
    path = next(iter(sorted((CONTENT / "guides").glob("*.md"))))
    (tmp_path / "guides").mkdir()
    copy = tmp_path / "guides" / path.name

    def read(source):
        front, rest = path.read_text().split("\nsources:\n", 1)
        copy.write_text(f"{front}\nsources:\n{source}{rest}\n\nIt took {{{{ cited:2.5 s:nim }}}}.\n")
        return reviewed.read_one(copy)

    named = "  - title: NIM\n    url: https://docs.example/nim\n    id: nim\n"
    with pytest.raises(BrokenContent, match="no source has that id"):
        read("")
    with pytest.raises(BrokenContent, match=r"sources\.1.*expected.*checked_on beside the id"):
        read(named)
    text = read(f"{named}    checked_on: 2026-11-27\n")
    assert text.sources[0].label == "NIM, read on 27 Nov 2026"
    with pytest.raises(BrokenContent, match='two have the id "nim"'):
        read(2 * f"{named}    checked_on: 2026-11-27\n")


def test_links_between_guides_lead_to_approved_ones():
    approved = {guide.slug for guide in reviewed.read(CONTENT / "guides").texts if guide.is_approved}
    for path in CONTENT.rglob("*.md"):
        assert set(re.findall(r"\(/guides/([^/)]*)/\)", path.read_text())) <= approved, path


def test_prose_beside_the_guides_has_no_typed_prices():
    for path in CONTENT.glob("*.md"):
        text = path.read_text()
        assert bindings.unbound_prices(text) == (), path
        assert bindings.problems(text, str(path)) == ()
