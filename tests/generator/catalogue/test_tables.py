import pytest

from generator.catalogue.tables import Table, Trace, Whole

ROWS = {"a": 1, "b": 2, "c": 3}


@pytest.fixture
def asked():
    """The slugs of each query."""
    return []


@pytest.fixture
def table(asked):
    def load(slugs):
        asked.append(slugs)
        return {slug: row for slug, row in ROWS.items() if slugs is None or slug in slugs}

    return Table(load, "rows", ("day",))


def reads(trace, read):
    trace.reads = set()
    read()
    return trace.reads


def test_a_row_that_is_read_notes_its_slices_whether_it_is_there_or_not(table):
    assert reads(table.trace, lambda: table["a"]) == {"rows:a", "day"}
    assert reads(table.trace, lambda: table.get("none")) == {"rows:none", "day"}
    assert reads(table.trace, lambda: "none" in table) == {"rows:none", "day"}
    assert reads(table.trace, lambda: table.read_ahead(["b"])) == set()


def test_an_unknown_slug_is_an_error_or_the_default(table):
    with pytest.raises(KeyError, match="none"):
        table["none"]
    assert (table.get("none"), table.get("none", 5), "none" in table, "a" in table) == (None, 5, False, True)


def test_a_row_is_asked_for_once_even_if_there_is_none(table, asked):
    for slug in ("a", "none", "a", "none"):
        table.get(slug)
    assert asked == [["a"], ["none"]]


def test_rows_read_ahead_are_one_query(table, asked):
    table.read_ahead(["a", "b"])
    table.read_ahead(["b", "c", "none"])
    assert [table.get(slug) for slug in ("a", "b", "c", "none")] == [1, 2, 3, None]
    assert asked == [["a", "b"], ["c", "none"]]


def test_a_whole_table_is_one_query_until_it_is_forgotten(table, asked):
    table.read_all()
    table.read_all()
    table.read_ahead(["a", "none"])
    assert (table["a"], table.get("none"), asked) == (1, None, [None])
    table.forget()
    assert (table["a"], asked) == (1, [None, ["a"]])


def test_the_slugs_of_a_table_can_not_be_listed(table):
    for listed in (list, len, dict):
        with pytest.raises(TypeError, match="which slugs there are is in the catalogue's lists"):
            listed(table)


def test_a_list_is_read_once_and_as_a_whole_and_in_order(asked):
    def load():
        asked.append(None)
        return {"b": 1, "a": 2}

    whole = Whole(load, "listed", "day")
    for read in (lambda: whole["a"], lambda: list(whole), lambda: len(whole), lambda: whole.get("none")):
        assert reads(whole.trace, read) == {"listed", "day"}
    assert (list(whole), asked) == (["b", "a"], [None])


def test_a_note_counts_for_whoever_reads_at_the_moment():
    trace = Trace()
    outer, trace.reads = trace.reads, set()
    trace.note(("a",))
    inner, trace.reads = trace.reads, outer
    trace.note(("b",))
    assert (outer, inner) == ({"b"}, {"a"})
