import re
import shutil
from pathlib import Path

import pytest

from generator.database import db, functions, migrations
from generator.errors import BuildError
from tests.sql.samples import one

pytestmark = pytest.mark.postgres


@pytest.fixture
def folder(tmp_path):
    """A copy of the functions, to change."""
    return Path(shutil.copytree(functions.FUNCTIONS, tmp_path / "functions"))


@pytest.fixture
def migrated(database_url, folder):
    """Apply the folder to a migrated database; return the names of the functions that were applied."""
    return lambda: migrations.migrate(database_url, functions_in=folder).functions


def edit(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_each_file_makes_the_one_function_it_is_named_after_and_no_migration_makes_any():
    for file in functions.FUNCTIONS.glob("*.sql"):
        made = re.findall(r"(?m)^create or replace function cloudgpus\.(\w+)\(", file.read_text("utf-8"))
        assert made == [file.stem]
        assert f"comment on function cloudgpus.{file.stem}(" in file.read_text("utf-8")
    for file in migrations.MIGRATIONS.glob("*.sql"):
        assert not re.search(r"create (or replace )?function", file.read_text("utf-8"))


def test_a_changed_text_is_applied_and_nothing_else(database_url, folder, migrated):
    edit(folder / "is_rentable.sql", "in ('available', 'limited')", "= 'available'")
    assert migrations.pending_functions(database_url, folder) == ["is_rentable"]
    assert migrated() == ["is_rentable"]
    assert migrated() == []
    with db.connect(database_url) as connection:
        assert one(connection, "select is_rentable('limited')") is False


def test_a_new_result_and_new_arguments_replace_the_old(database_url, folder, migrated):
    edit(folder / "hours_per_month.sql", "returns integer", "returns numeric")
    edit(folder / "utc_day.sql", "utc_day(at timestamptz)", "utc_day(at timestamptz, later integer default 0)")
    edit(folder / "utc_day.sql", "utc_day(timestamptz)", "utc_day(timestamptz, integer)")
    assert migrated() == ["hours_per_month", "utc_day"]
    with db.connect(database_url) as connection:
        signatures = "select array_agg(oid::regprocedure::text) from pg_proc where proname = %s"
        assert one(connection, signatures, "utc_day") == ["utc_day(timestamp with time zone,integer)"]
        assert one(connection, "select pg_typeof(hours_per_month())::text") == "numeric"


def test_a_dependent_of_the_old_signature_is_named_and_nothing_changes(database_url, folder, migrated):
    with db.connect(database_url) as connection:
        connection.execute("create view cloudgpus.hours as select cloudgpus.hours_per_month() as hours")
    edit(folder / "hours_per_month.sql", "returns integer", "returns numeric")
    edit(folder / "is_rentable.sql", "in ('available', 'limited')", "= 'available'")
    with pytest.raises(BuildError, match=r"hours_per_month\.sql: .* view hours depends on .*; a migration has to"):
        migrated()
    assert migrations.pending_functions(database_url, folder) == ["hours_per_month", "is_rentable"]


@pytest.mark.parametrize("user", [
    None,
    "alter table runs add constraint kept check (id < price_per_gpu_hour(9, 1, 1) * 1000)",
    "create index kept on runs (price_per_gpu_hour(id, 1, 1))",
])  # fmt: skip
def test_a_new_text_is_refused_while_results_of_the_old_are_stored(database_url, folder, migrated, user):
    with db.connect(database_url) as connection:
        if user:
            connection.execute("alter table instances drop column price_per_gpu_hour")
            connection.execute(user)
    edit(folder / "price_per_gpu_hour.sql", "nullif(gpu_count * gpu_share, 0)", "gpu_count")
    with pytest.raises(BuildError, match=r"price_per_gpu_hour\.sql: .* stores results of the old function"):
        migrated()


def test_a_new_comment_is_accepted_while_results_are_stored(folder, migrated):
    edit(folder / "price_per_gpu_hour.sql", "unrounded", "not rounded")
    assert migrated() == ["price_per_gpu_hour"]


def test_two_migrations_change_a_function_that_a_column_is_made_with(database_url, folder, tmp_path):
    steps = Path(shutil.copytree(migrations.MIGRATIONS, tmp_path / "migrations"))
    edit(folder / "price_per_gpu_hour.sql", "gpu_count * gpu_share", "gpu_count * gpu_share * 2")
    enter = "insert into cloudgpus.schema_migrations (id) values ('{}');"
    (steps / "0998_drops.sql").write_text(
        "alter table cloudgpus.instances drop column price_per_gpu_hour;" + enter.format("0998_drops")
    )
    (steps / "0999_makes.sql").write_text(
        "alter table cloudgpus.instances add column price_per_gpu_hour numeric generated always as"
        " (cloudgpus.price_per_gpu_hour(price_per_hour, gpu_count, gpu_share)) stored;" + enter.format("0999_makes")
    )
    applied = migrations.migrate(database_url, steps, folder)
    assert applied == (["0998_drops", "0999_makes"], ["price_per_gpu_hour"])


def test_a_migration_finds_the_functions_it_names_and_those_that_these_name(database_url, folder, tmp_path):
    steps = Path(shutil.copytree(migrations.MIGRATIONS, tmp_path / "migrations"))
    for name, body in (("outer_one", "select cloudgpus.inner_one()"), ("inner_one", "select 42")):
        (folder / f"{name}.sql").write_text(
            f"create or replace function cloudgpus.{name}() returns integer language sql as $$ {body} $$;"
        )
    (steps / "0998_calls.sql").write_text(
        "create table cloudgpus.answers as select cloudgpus.outer_one() as answer;"
        "insert into cloudgpus.schema_migrations (id) values ('0998_calls');"
    )
    assert migrations.migrate(database_url, steps, folder).functions == ["inner_one", "outer_one"]
    with db.connect(database_url) as connection:
        assert one(connection, "select answer from answers") == 42


def test_a_function_without_a_file_is_dropped(database_url, folder, migrated):
    (folder / "cleanup_stale_instances.sql").unlink()
    assert migrated() == ["cleanup_stale_instances"]
    with db.connect(database_url) as connection:
        assert one(connection, "select to_regproc('cloudgpus.cleanup_stale_instances')") is None


@pytest.mark.parametrize(("old", "new", "said"), [
    ("from cloudgpus.exchange_rates", "from cloudgpus.nowhere", 'relation "cloudgpus.nowhere" does not exist'),
    ("returns table", "returns tabel", r'day_rates\.sql:\d+: '),
])  # fmt: skip
def test_a_function_that_is_wrong_is_named_and_all_stay_as_they_were(database_url, folder, migrated, old, new, said):
    edit(folder / "day_rates.sql", old, new)
    edit(folder / "is_rentable.sql", "in ('available', 'limited')", "= 'available'")
    with pytest.raises(BuildError, match=rf"day_rates\.sql.*{said}" if "sql" not in said else said):
        migrated()
    with db.connect(database_url) as connection:
        assert one(connection, "select is_rentable('limited')") is True


def test_a_new_function_is_closed_to_the_public(database_url, folder, migrated):
    (folder / "answer.sql").write_text(
        "create or replace function cloudgpus.answer() returns integer language sql as $$ select 42 $$;"
    )
    assert migrated() == ["answer"]
    with db.connect(database_url) as connection:
        may = "select has_function_privilege(%s, 'cloudgpus.answer()', 'execute')"
        assert [one(connection, may, role) for role in ("public", "anon", "service_role")] == [False, False, True]
