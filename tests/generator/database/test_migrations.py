import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from generator.database import db, embedded, functions, migrations
from generator.database.migrations import Applied
from generator.errors import BuildError, DatabaseNewer, DatabaseUnreachable
from generator.settings import ROOT

pytestmark = pytest.mark.postgres

IDS = sorted(path.stem for path in migrations.MIGRATIONS.glob("*.sql") if not path.name.endswith(".rollback.sql"))
NOTHING = Applied([], [])


@pytest.fixture
def folder(tmp_path):
    """A copy of the migrations, to add to."""
    return Path(shutil.copytree(migrations.MIGRATIONS, tmp_path / "migrations"))


@pytest.fixture
def empty(fresh_database):
    return fresh_database.empty()


def dump(url):
    """The whole database's definition, sorted, without what differs from dump to dump."""
    text = subprocess.run(
        [embedded.program("pg_dump"), "--schema-only", url], check=True, capture_output=True, text=True
    ).stdout
    lines = re.sub(r"(?m)^(--.*|\\(un)?restrict .*|)\n", "", text).splitlines()
    return "\n".join(sorted(line.removesuffix(",") for line in lines))


def without_calls(definition):
    """A definition without the grants on functions, which come only after the last function."""
    return re.sub(r"(?m)^GRANT ALL ON FUNCTION cloudgpus.*\n", "", definition)


def test_migrations_are_numbered_in_order_and_have_a_rollback():
    assert [id_[:4] for id_ in IDS] == [f"{number:04}" for number in range(1, len(IDS) + 1)]
    assert all((migrations.MIGRATIONS / f"{id_}.rollback.sql").exists() for id_ in IDS)


def test_migrate_applies_everything_once(empty):
    applied = migrations.migrate(empty)
    assert applied.migrations == IDS
    assert sorted(applied.functions) == functions.names()
    assert migrations.migrate(empty) == NOTHING


def test_status_says_what_is_applied_and_what_is_pending(empty):
    assert [one.applied_at for one in migrations.status(empty)] == [None] * len(IDS)
    migrations.migrate(empty)
    migrations.rollback(empty, "0003")
    standing = migrations.status(empty)
    assert [one.id for one in standing] == IDS
    assert [one.applied_at is not None for one in standing] == [True] * 3 + [False] * (len(IDS) - 3)
    assert not any(one.is_changed or not one.is_known for one in standing)


def test_rollback_leaves_nothing(empty):
    before = dump(empty)
    migrations.migrate(empty)
    assert dump(empty) != before
    assert migrations.rollback(empty) == IDS[::-1]
    assert dump(empty) == before
    assert migrations.rollback(empty) == []


def test_every_rollback_restores_the_schema_before_its_migration(empty):
    migrations.migrate(empty)
    dumps = {}
    for before, id_ in reversed(list(zip([None, *IDS], IDS, strict=False))):
        dumps[id_] = dump(empty)
        assert migrations.rollback(empty, to=before) == [id_]
    with db.connect(empty) as connection:
        for id_ in IDS:
            assert migrations._apply_next(connection, migrations.MIGRATIONS, functions.FUNCTIONS, Applied([], []))
            if id_ == IDS[0]:
                functions.apply(connection, functions.names())
                functions.close(connection)
            connection.commit()
            assert without_calls(dump(empty)) == without_calls(dumps[id_])


def test_rollback_removes_what_a_used_database_has_grown(fresh_database):
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        connection.execute("select cloudgpus.ensure_price_history_partitions('2025-01-01', '2026-12-31')")
    before = dump(fresh_database.empty())
    migrations.rollback(url)
    assert dump(url) == before


def test_rollback_leaves_a_schema_and_tables_it_did_not_make(empty):
    with psycopg.connect(empty) as connection:
        connection.execute("create schema cloudgpus")
        connection.execute("create table public.mine (id integer)")
    before = dump(empty)
    migrations.migrate(empty)
    migrations.rollback(empty)
    assert dump(empty) == before


def test_rollback_removes_only_roles_it_made(empty):
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("do $$ begin create role anon nologin; exception when duplicate_object then null; end $$")
        migrations.migrate(empty)
        made = "select name from cloudgpus.project_objects where kind = 'role' order by name"
        assert ("anon",) not in connection.execute(made).fetchall()
        migrations.rollback(empty)
        assert connection.execute("select from pg_roles where rolname = 'anon'").fetchone() is not None


def test_rollback_names_what_is_applied_when_asked_for_something_else(empty):
    migrations.migrate(empty)
    with pytest.raises(BuildError, match='no applied migration "0999"; applied are 0001_'):
        migrations.rollback(empty, to="0999")


def test_a_newer_database_is_left_alone_and_named(empty, folder):
    (folder / "0998_new.sql").write_text("insert into cloudgpus.schema_migrations (id) values ('0998_new');")
    (folder / "0999_newest.sql").write_text("insert into cloudgpus.schema_migrations (id) values ('0999_newest');")
    migrations.migrate(empty, folder)
    for command in (migrations.migrate, migrations.rollback):
        with pytest.raises(DatabaseNewer, match=r'"0999_newest".*newer checkout'):
            command(empty)
    assert [one.id for one in migrations.status(empty) if not one.is_known] == ["0998_new", "0999_newest"]


def test_an_edited_migration_is_refused(empty, folder):
    migrations.migrate(empty, folder)
    with (folder / f"{IDS[2]}.sql").open("a") as file:
        file.write("-- and one more thing")
    with pytest.raises(BuildError, match=rf"{IDS[2]}\.sql was edited"):
        migrations.migrate(empty, folder)


def test_a_failing_migration_is_named_with_its_line_and_leaves_those_before_it(empty, folder):
    (folder / "0998_fails.sql").write_text("create table cloudgpus.half (id integer);\n\nselect 1 from nowhere;\n")
    with pytest.raises(BuildError, match=r'0998_fails\.sql:3: relation "nowhere" does not exist'):
        migrations.migrate(empty, folder)
    with db.connect(empty) as connection:
        assert connection.execute("select to_regclass('cloudgpus.half')").fetchone() == (None,)
    assert migrations.migrate(empty).migrations == []


def test_a_migration_that_does_not_enter_itself_is_refused(empty, folder):
    (folder / "0998_silent.sql").write_text("select 1;")
    with pytest.raises(BuildError, match=r"0998_silent\.sql: does not insert its id"):
        migrations.migrate(empty, folder)


def test_two_at_once_take_turns(empty):
    results = []
    threads = [threading.Thread(target=lambda: results.append(migrations.migrate(empty))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(id_ for result in results for id_ in result.migrations) == IDS


LOCKS = [
    "select pg_advisory_xact_lock(hashtextextended('cloudgpus.migrations', 0))",
    "lock table cloudgpus.schema_migrations in share row exclusive mode",
]


@pytest.mark.parametrize("lock", LOCKS)
def test_without_pending_migrations_nothing_waits_for_a_lock(database_url, lock):
    with psycopg.connect(database_url) as other:
        other.execute(lock)
        assert migrations.migrate(database_url) == NOTHING
        assert len(migrations.status(database_url)) == len(IDS)


def test_an_advisory_lock_does_not_delay_a_pending_migration(database_url, folder):
    (folder / "0998_none.sql").write_text("insert into cloudgpus.schema_migrations (id) values ('0998_none')")
    with psycopg.connect(database_url) as other:
        other.execute(LOCKS[0])
        assert migrations.migrate(database_url, folder) == (["0998_none"], [])


def test_waiting_for_a_turn_in_vain_names_who_has_it(database_url, folder, monkeypatch):
    monkeypatch.setattr(db, "_LOOK", 0.3)
    monkeypatch.setattr(db, "_UNHURRIED", db._UNHURRIED.replace("60s", "1s"))
    (folder / "0998_none.sql").write_text("insert into cloudgpus.schema_migrations (id) values ('0998_none')")
    with psycopg.connect(database_url) as other:
        other.execute(LOCKS[1])
        named = rf'the lock is held by "postgres" \(process {other.info.backend_pid}, '
        with pytest.raises(DatabaseUnreachable, match=named):
            migrations.migrate(database_url, folder)
        with pytest.raises(DatabaseUnreachable, match=named):
            migrations.rollback(database_url, "0009")


def test_a_table_in_use_is_named_with_who_uses_it(database_url, folder, monkeypatch):
    monkeypatch.setattr(db, "_LOOK", 0.3)
    monkeypatch.setattr(db, "_UNHURRIED", db._UNHURRIED.replace("60s", "1s"))
    (folder / "0998_alters.sql").write_text("alter table cloudgpus.runs add column x integer")
    with psycopg.connect(database_url) as reader:
        reader.execute("select from cloudgpus.runs")
        with pytest.raises(BuildError, match=rf"0998_alters\.sql: .*process {reader.info.backend_pid}, "):
            migrations.migrate(database_url, folder)


def test_a_dependent_of_what_a_migration_drops_is_named(database_url, folder):
    (folder / "0998_drops.sql").write_text("alter table cloudgpus.runs drop column version")
    with psycopg.connect(database_url) as other:
        other.execute("create temporary view kept as select version from cloudgpus.runs")
        other.commit()
        with pytest.raises(BuildError, match=r"0998_drops\.sql: .*: view pg_temp\S*\.kept depends on column version"):
            migrations.migrate(database_url, folder)


def test_the_documented_connection_string_with_a_schema_is_understood(empty):
    assert migrations.migrate(f"{empty}&schema=cloudgpus").migrations == IDS
    with pytest.raises(BuildError, match='asks for schema "other"'):
        migrations.migrate(f"{empty}&schema=other")


def test_psql_runs_the_files_unchanged_as_the_docs_say_and_is_understood(empty, fresh_database):
    stated = (ROOT / "docs" / "operations.md").read_text("utf-8")
    by_hand = re.search(r"(?s)    (address=.*?functions_close\.sql)\n", stated)[1]
    programs = f"{embedded.program('psql').parent}:{os.environ['PATH']}"
    subprocess.run(
        ["/bin/sh", "-c", by_hand.replace("$(build.py db url)", f"'{empty}'")],
        check=True, cwd=ROOT, env={"PATH": programs}, capture_output=True,
    )  # fmt: skip
    assert dump(empty) == dump(fresh_database.migrated())
    assert migrations.migrate(empty) == ([], functions.names())
    assert migrations.migrate(empty) == NOTHING
    assert migrations.rollback(empty) == IDS[::-1]
