import shutil
import threading
from datetime import UTC, datetime

import psycopg
import pytest

from generator.database import backup, db, embedded, migrations, restore
from generator.errors import BuildError
from generator.ingest import store
from tests.generator.database.test_backup import stocked, stocked_once  # noqa: F401
from tests.sql import privileges
from tests.sql.conftest import postgres_15  # noqa: F401
from tests.sql.samples import offer, one, run

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 8, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def dumped(stocked_once, tmp_path_factory):  # noqa: F811
    """A backup of the stocked database; to be copied."""
    return backup.take(stocked_once, tmp_path_factory.mktemp("backups"), NOW).file


@pytest.fixture
def full(dumped, tmp_path):
    """A backup of the test's own."""
    shutil.copytree(dumped.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / dumped.name


def held(url):
    with db.connect(url) as connection:
        return backup.fingerprints(connection)


def change_everything(url):
    with db.connect(url) as connection:
        store.store(connection, run(3, [offer("c", 7)]))
        connection.execute("update content_pages set title = 'x'")


def put_back(url, file, *tables):
    restore.restore(url, restore.plan(url, file, tables))


def test_restore_brings_back_every_row(stocked, full):  # noqa: F811
    before = held(stocked)
    change_everything(stocked)
    assert held(stocked) != before
    put_back(stocked, full)
    assert held(stocked) == before


def test_triggers_work_in_a_restored_database(stocked, full, fresh_database):  # noqa: F811
    other = fresh_database.empty()
    put_back(other, full)
    with db.connect(other) as connection:
        assert store.store(connection, run(2, [offer("a", 4), offer("b", 3)])).updated == 1
        assert one(connection, "select count(*) from price_history") == 4


def test_restore_removes_what_came_later(stocked, full):  # noqa: F811
    with db.connect(stocked) as connection:
        connection.execute("create table cloudgpus.later (id integer)")
    put_back(stocked, full)
    assert "later" not in {table.name for table in held(stocked)}


def test_plan_says_what_would_be_replaced(stocked, full):  # noqa: F811
    plan = restore.plan(stocked, full)
    assert plan.is_whole
    assert plan.replaced.offers == 2
    assert plan.replaced.history_rows == 3
    assert plan.replaced.newest == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert plan.record.taken_at == NOW


def test_restore_takes_the_place_of_a_damaged_database(stocked, full, fresh_database):  # noqa: F811
    before = held(stocked)
    damaged = fresh_database.damaged_copy_of(stocked, "instances", "price_history", "scrape_jobs")
    assert restore.plan(damaged, full).replaced is None
    put_back(damaged, full)
    assert held(damaged) == before


def test_failing_restore_leaves_the_old_schema_whole(stocked, full, monkeypatch):  # noqa: F811
    change_everything(stocked)
    before = held(stocked)
    plan = restore.plan(stocked, full)
    monkeypatch.setattr(restore, "_checks", lambda what: "select 1 / 0;")
    with pytest.raises(BuildError, match="division by zero; nothing was changed"):
        restore.restore(stocked, plan)
    assert held(stocked) == before


def test_rows_that_are_not_those_of_the_record_are_refused(stocked, full):  # noqa: F811
    before = held(stocked)
    record = backup.record_of(full)
    record.write_text(record.read_text().replace('"rows": 2,', '"rows": 3,', 1))
    with pytest.raises(
        BuildError, match="is not as it was when it was dumped: 2 rows, expected 3; nothing was changed"
    ):
        put_back(stocked, full)
    assert held(stocked) == before


def test_dump_cut_off_in_the_middle_changes_nothing(stocked, full):  # noqa: F811
    before = held(stocked)
    plan = restore.plan(stocked, full)
    full.write_bytes(full.read_bytes()[: full.stat().st_size * 3 // 4])
    with pytest.raises(BuildError, match="nothing was changed"):
        restore.restore(stocked, plan)
    assert held(stocked) == before


def test_rows_of_a_table_are_put_back_beside_the_others(stocked, full):  # noqa: F811
    before = {table.name: table for table in held(stocked)}
    with db.connect(stocked) as connection:
        connection.execute("update instances set instance_name = 'wrong'")
        connection.execute("update providers set name = 'Kept'")
    put_back(stocked, full, "instances")
    after = {table.name: table for table in held(stocked)}
    assert after["instances"] == before["instances"]
    assert after["providers"] != before["providers"]
    assert after["price_history_2026_03"] == before["price_history_2026_03"]


def test_rows_of_history_go_with_newer_months_and_keys_come_back(stocked, full):  # noqa: F811
    before = {table.name: table for table in held(stocked)}
    with db.connect(stocked) as connection:
        connection.execute("select ensure_price_history_partitions('2026-10-01', '2026-10-01')")
        store.store(connection, run(24 * 220, [offer("a", 8)]))
        keys = one(connection, "select count(*) from pg_constraint where contype = 'f'")
    put_back(stocked, full, "price_history")
    after = {table.name: table for table in held(stocked)}
    assert after["price_history_2026_03"] == before["price_history_2026_03"]
    assert after["price_history_2026_10"].rows == 0
    with db.connect(stocked) as connection:
        assert one(connection, "select count(*) from pg_constraint where contype = 'f'") == keys
        assert one(connection, "select count(*) from pg_trigger where tgenabled <> 'O'") == 0


def test_data_go_into_a_migrated_schema(stocked, tmp_path, database_url, fresh_database):  # noqa: F811
    made = backup.take(stocked, tmp_path, NOW, "data")
    other = fresh_database.migrated()
    put_back(other, made.file)
    assert held(other) == held(stocked)


def test_rows_that_other_tables_refer_to_are_not_removed(stocked, full):  # noqa: F811
    with db.connect(stocked) as connection:
        store.store(connection, run(2, [offer("a", 2.5), offer("b", 3), offer("c", 1)]))
    with pytest.raises(BuildError, match="refer to rows that the dump does not have"):
        put_back(stocked, full, "instances")


def test_unknown_table_is_refused(stocked, full):  # noqa: F811
    with pytest.raises(BuildError, match=r'has no rows of a table "prices"; it has '):
        restore.plan(stocked, full, ["prices"])


def test_rows_without_a_schema_are_refused(stocked, tmp_path, fresh_database):  # noqa: F811
    made = backup.take(stocked, tmp_path, NOW, "tables", ["providers"])
    with pytest.raises(BuildError, match=r"no schema to put them into; run build.py db migrate"):
        restore.plan(fresh_database.empty(), made.file)


def test_file_that_is_no_dump_is_refused(stocked, tmp_path):  # noqa: F811
    (tmp_path / "prices.csv").write_text("gpu,price\n")
    with pytest.raises(BuildError, match=r"prices.csv: can't be read as a dump: .*; expected a dump made by"):
        restore.plan(stocked, tmp_path / "prices.csv")
    with pytest.raises(BuildError, match="no such file"):
        restore.plan(stocked, tmp_path / "nowhere.dump")


def test_dump_by_a_newer_pg_dump_is_refused_with_that_reason(stocked, full):  # noqa: F811
    content = bytearray(full.read_bytes())
    content[6] = 99  # the minor version of the archive's format
    full.write_bytes(content)
    with pytest.raises(BuildError, match=r"it was made by a newer pg_dump"):
        restore.plan(stocked, full)


OF_OTHERS = {
    "view": "view {} as select slug from cloudgpus.providers",
    "copy": "materialized view {} as select slug from cloudgpus.providers",
    "key": "table {} (id integer, provider uuid references cloudgpus.providers (id))",
    "column": "table {} (id integer, stock cloudgpus.availability_status[])",
    "default": "table {} (id bigint default nextval('cloudgpus.runs_id_seq'))",
    "function": "function {}() returns bigint begin atomic select count(*) from cloudgpus.instances; end",
    "signature": "function {}() returns setof cloudgpus.instances language sql as 'select * from cloudgpus.instances'",
}


@pytest.mark.parametrize("what", OF_OTHERS)
def test_objects_outside_the_schema_are_not_dropped_with_it(what, stocked, full):  # noqa: F811
    with db.connect(stocked) as connection:
        connection.execute("create " + OF_OTHERS[what].format("public.report"))
    with pytest.raises(BuildError, match=r"^public\.report uses the schema cloudgpus and would be dropped with it"):
        restore.plan(stocked, full)


def test_dump_of_the_whole_database_restores_the_schema_only(stocked, tmp_path):  # noqa: F811
    with db.connect(stocked) as connection:
        connection.execute("create table public.mine as select 1 as id")
    before, file = held(stocked), tmp_path / "by_hand.dump"
    programs = restore.programs
    programs.run(embedded.program("pg_dump"), ["--format=custom", f"--file={file}"], programs.environment(stocked))
    change_everything(stocked)
    put_back(stocked, file)
    assert held(stocked) == before


def test_restore_waits_for_readers_and_then_replaces(stocked, full):  # noqa: F811
    with psycopg.connect(stocked) as reader:
        reader.execute("select count(*) from cloudgpus.instances")
        restoring = threading.Thread(target=put_back, args=(stocked, full))
        restoring.start()
        restoring.join(1)
        assert restoring.is_alive()
        reader.commit()
        restoring.join(60)
    assert not restoring.is_alive()


def test_restore_that_waits_in_vain_names_who_uses_the_tables(stocked, full, monkeypatch):  # noqa: F811
    before, taken = held(stocked), db.query("restore_take_turns").replace("60s", "300ms")
    text = db.query
    monkeypatch.setattr(db, "query", lambda name: taken if name == "restore_take_turns" else text(name))
    with psycopg.connect(f"{stocked}&application_name=report") as reader:
        reader.execute("select count(*) from cloudgpus.instances")
        named = rf'cloudgpus\.\w+ is in use by "postgres" \(process {reader.info.backend_pid}, report\)'
        with pytest.raises(BuildError, match=f"{named}.*; nothing was changed"):
            put_back(stocked, full)
        with pytest.raises(BuildError, match=named):
            put_back(stocked, full, "instances")
    assert held(stocked) == before


def test_somebody_s_temporary_view_does_not_stop_a_restore(stocked, full):  # noqa: F811
    with psycopg.connect(stocked, autocommit=True) as stranger:
        stranger.execute("create temporary view kept as select slug from cloudgpus.providers")
        put_back(stocked, full)


def test_restored_schema_gives_each_role_its_rights(stocked, full, fresh_database):  # noqa: F811
    other = fresh_database.empty()
    put_back(other, full)
    for url in (stocked, other):
        with db.connect(url) as connection:
            connection.execute("create table later (id integer)")
            assert privileges.unintended(connection) == []
            assert privileges.missing(connection) == []
            assert one(connection, "select has_function_privilege('anon', 'lo_create(oid)', 'execute')") is False


def test_dump_of_18_restores_on_15(full, postgres_15):  # noqa: F811
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        admin.execute("drop database if exists moved with (force)")
        admin.execute("create database moved")
    other = postgres_15.replace("/postgres?", "/moved?")
    put_back(other, full)
    assert {table.name: table.rows for table in held(other)}["instances"] == 2
    with psycopg.connect(other) as connection:
        assert one(connection, "select count(*) from pg_roles where rolname = any (%s)", list(privileges.ROLES)) == 3
    again = backup.take(other, full.parent / "of_15", NOW)
    assert again.verified == "restored"
    shutil.rmtree(full.parent / "of_15")


def test_dump_from_a_newer_server_is_named_as_the_reason_where_it_fails(full, postgres_15, monkeypatch):  # noqa: F811
    monkeypatch.setattr(restore, "_checks", lambda what: "select 1 / 0;")
    with pytest.raises(BuildError, match="nothing was changed; the dump is from PostgreSQL 18, this server is 15"):
        put_back(postgres_15, full)


def test_plain_user_backs_up_and_restores_a_schema_of_its_own(fresh_database, tmp_path):
    fresh_database.migrated()  # an administrator made the roles, which a plain user may not
    admin = fresh_database.empty()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("do $$ begin create role keeper login createdb; exception when duplicate_object then end $$")
        name = one(connection, "select current_database()")
        connection.execute(f'grant create on database "{name}" to keeper')
    url = f"{admin}&user=keeper"
    migrations.migrate(url)
    made = backup.take(url, tmp_path, NOW)
    assert made.verified == "restored"
    put_back(url, made.file)
    assert tuple(held(url)) == made.tables


def test_a_dump_of_an_older_checkout_is_restored_and_migrated(stocked, tmp_path):  # noqa: F811
    *_, before, newest = [one.id for one in migrations.status(stocked)]
    migrations.rollback(stocked, before)
    older = backup.take(stocked, tmp_path, NOW)
    migrations.migrate(stocked)
    put_back(stocked, older.file)
    assert [one.id for one in migrations.status(stocked) if one.applied_at is None] == [newest]
    assert migrations.migrate(stocked) == ([newest], [])
