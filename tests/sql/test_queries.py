import re

import pytest

from generator.database import db

FILES = sorted(path.stem for path in db.QUERIES.glob("*.sql"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
DECLARED = re.compile(r"(\w+) ?(?:,|\((\w+(?:\[\])?)[^)]*\))")


def header(name):
    """The comment a query opens with: its sentences, `params` and `row`."""
    lines = []
    for line in db.query(name).splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    summary, _, rest = "\n".join(lines).partition("params:")
    params, _, row = rest.partition("row:")
    return summary.strip(), params.strip(), row.strip()


def params(name):
    """Each parameter with its type; several may share the one after them."""
    types, type_ = {}, ""
    for parameter, stated in reversed(DECLARED.findall(header(name)[1])):
        type_ = stated or type_
        types[parameter] = type_
    return types


def statement(name):
    return "\n".join(line for line in db.query(name).splitlines() if not line.startswith("--"))


@pytest.fixture(scope="module")
def staged(fresh_database):
    """A migrated database with every temporary table that a query makes."""
    with db.connect(fresh_database.migrated()) as connection:
        for name in FILES:
            if "create temporary table" in statement(name):
                connection.execute(statement(name))
        yield connection


@pytest.mark.parametrize("name", FILES)
def test_query_says_what_it_returns_and_takes_and_what_its_rows_are(name):
    summary, taken, row = header(name)
    assert summary
    assert taken
    assert row
    assert params(name).keys() == set(PLACEHOLDER.findall(db.query(name)))


@pytest.mark.postgres
@pytest.mark.parametrize("name", FILES)
def test_query_is_valid_on_the_migrations(staged, name):
    with staged.transaction(force_rollback=True):
        plan(staged, statement(name), params(name))


def plan(connection, text, types):
    """Plan a statement with nulls of its parameters' types; run what has no plan, but skip blocks."""
    typed = PLACEHOLDER.sub(lambda match: f"(null::{types[match[1]]})", text).replace("%%", "%")
    if text.startswith("copy "):
        with connection.cursor() as cursor, cursor.copy(typed):
            return
    if "create temporary table" not in text and not text.startswith("do "):
        connection.execute(typed if text.startswith(("analyze ", "truncate ")) else "explain " + typed)


def test_every_query_of_the_store_is_used_by_it():
    source = (db.QUERIES.parents[1] / "generator" / "ingest" / "store.py").read_text()
    assert [name for name in FILES if name.startswith("store_") and f'"{name}"' not in source] == []
