from datetime import UTC, datetime, timedelta

from generator.commands.why import lines, rows
from generator.site.why import Read, Why

AT = datetime(2026, 8, 25, 12, tzinfo=UTC)
WHY = Why(
    path="/gpu/a/", page_type="gpu_detail", key=("a",), gate_state="thin", gate_since=AT, needs=("two providers",),
    last_modified=AT, made_as_of=AT - timedelta(days=1), changed_as_of=None, last_build_as_of=AT,
    last_build="not looked at", next_build="left alone", because=(), verdict="The next build leaves it alone.",
    by_hand={"gpu/a/index.html": "changed"}, reads=(),
)  # fmt: skip


def read(name, since="", revision=None, behind=()):
    return Read(name, name.replace(":", ": "), revision, AT if revision else None, since, bool(behind), behind)


def test_a_page_is_told_in_a_few_lines_the_verdict_last():
    assert list(lines(WHY)) == [
        "/gpu/a/: gpu_detail of a",
        "Closed to search engines since 25 Aug 2026: it needs two providers.  "
        "Its content last changed on 25 Aug 2026, 12:00 UTC.",
        "The last build, as of 25 Aug 2026, 12:00 UTC, did not look at it.  "
        "It was last made by the one as of 24 Aug 2026, 12:00 UTC.",
        "gpu/a/index.html is changed, which no build has done, and none looks: build.py render --verify repairs it.",
        "The next build leaves it alone.",
    ]


def test_slices_of_a_kind_that_did_not_move_share_a_row():
    reads = [read("day"), *(read(f"gpus:{slug}", revision=number) for number, slug in enumerate("abcde", 1))]
    reads.append(read("gpus:z", "moved", 9))
    assert [row[:3] for row in rows(reads, is_all=False)] == [
        ("gpus: z", "gpus:z", "9"),
        ("gpus: a, b, c and 2 more", "gpus", "5"),
        ("day", "day", ""),
    ]
    assert len(list(rows(reads, is_all=True))) == len(reads)


def test_of_many_moved_slices_the_first_have_a_row_each():
    found = list(rows([read(f"gpus:{slug}", "moved", 1) for slug in "abcdef"], is_all=False))
    assert [row[0] for row in found] == ["gpus: a", "gpus: b", "gpus: c", "gpus: d, e, f"]
    assert {row[-1] for row in found} == {"moved"}


def test_what_an_aggregate_has_read_is_below_it():
    behind = (read("day"), read("stats_by_gpu:a", "moved", 4))
    line = read("gpus.gpu_line:a", "differs", behind=behind)
    assert [(row[0], row[-1]) for row in rows([line], is_all=False)] == [
        ("gpus.gpu_line: a", "differs"),
        ("  stats_by_gpu: a", "moved"),
    ]
    assert [row[0] for row in rows([line], is_all=True)] == ["gpus.gpu_line: a", "  stats_by_gpu: a", "  day"]
