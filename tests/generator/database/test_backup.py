import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from generator.database import backup, db, restore, runs
from generator.errors import BuildError, DatabaseUnreachable
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, offer, one, run

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 8, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def stocked_once(fresh_database):
    """A database with two offers, one of which changed its price; to be copied."""
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        add_gpu(connection)
        add_provider(connection)
        runs.start(connection, START, "live", "v1")
        store.store(connection, run(0, [offer("a", 2), offer("b", 3)]))
        store.store(connection, run(1, [offer("a", 2.5), offer("b", 3)]))
    return url


@pytest.fixture
def stocked(stocked_once, fresh_database):
    """A database of the test's own with these offers."""
    return fresh_database.copy_of(stocked_once)


def scratch_databases(url):
    with psycopg.connect(url) as connection:
        prefix = one(
            connection, "select 'cloudgpus_verify_' || oid from pg_database where datname = current_database()"
        )
        return one(connection, "select count(*) from pg_database where starts_with(datname, %s)", prefix)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_backup_gets_its_name_after_it_was_restored_elsewhere(stocked, tmp_path):
    made = backup.take(stocked, tmp_path, NOW)
    assert names(tmp_path) == ["cloudgpus_20260822_020000.dump", "cloudgpus_20260822_020000.dump.json"]
    assert made.verified == "restored"
    assert {table.name: table.rows for table in made.tables}["price_history_2026_03"] == 3
    assert scratch_databases(stocked) == 0
    assert made.file.stat().st_mode & 0o077 == 0


def test_record_of_a_backup_is_read_as_it_was_written(stocked, tmp_path):
    made = backup.take(stocked, tmp_path, NOW)
    assert backup.kept(tmp_path) == [made]
    assert made.migration is not None


def test_backup_holds_one_instant_whatever_is_written_meanwhile(stocked, tmp_path, monkeypatch):
    dump = backup._dump

    def dump_while_written(*arguments):
        with db.connect(stocked) as connection:
            store.store(connection, run(2, [offer("a", 9), offer("b", 9), offer("c", 9)]))
        dump(*arguments)

    monkeypatch.setattr(backup, "_dump", dump_while_written)
    made = backup.take(stocked, tmp_path, NOW)
    assert {table.name: table.rows for table in made.tables}["instances"] == 2


def test_dump_that_differs_after_a_restore_is_no_backup(stocked, tmp_path, monkeypatch):
    def dump_too_much(taking, file, options):
        with db.connect(stocked) as connection:
            connection.execute("update instances set price_per_hour = 1")
        taking.snapshot = backup._Snapshot(None, taking.snapshot.database, taking.snapshot.server)
        real(taking, file, options)

    real = backup._dump
    monkeypatch.setattr(backup, "_dump", dump_too_much)
    monkeypatch.setattr(backup.programs, "run", without_snapshot(backup.programs.run))
    with pytest.raises(BuildError, match="differs after a restore"):
        backup.take(stocked, tmp_path, NOW)
    assert names(tmp_path) == []
    assert scratch_databases(stocked) == 0


def without_snapshot(run_program):
    def run_without(program, arguments, environment):
        return run_program(program, [one for one in arguments if one != "--snapshot=None"], environment)

    return run_without


def test_backup_of_a_table_has_its_partitions_and_nothing_else(stocked, tmp_path):
    made = backup.take(stocked, tmp_path, NOW, "tables", ["price_history", "providers"])
    assert made.file.name == "cloudgpus_tables_20260822_020000.dump"
    assert {table.root for table in made.tables} == {"price_history", "providers"}
    assert "price_history_2026_03" in {table.name for table in made.tables}
    assert made.verified == "restored"


def test_backup_of_rows_only_is_verified_too(stocked, tmp_path):
    assert backup.take(stocked, tmp_path, NOW, "data").verified == "restored"
    assert scratch_databases(stocked) == 0


def test_backup_of_the_schema_knows_its_migrations(stocked, tmp_path, fresh_database):
    made = backup.take(stocked, tmp_path, NOW, "schema")
    other = fresh_database.empty()
    restore.restore(other, restore.plan(other, made.file))
    with psycopg.connect(other) as connection:
        assert one(connection, "select max(id) from cloudgpus.schema_migrations") == made.migration
        assert one(connection, "select count(*) from cloudgpus.instances") == 0


def test_unknown_table_is_refused_with_the_known_ones(stocked, tmp_path):
    with pytest.raises(BuildError, match=r'no table is called "prices"; the tables are .*instances'):
        backup.take(stocked, tmp_path, NOW, "tables", ["prices"])


def test_database_without_the_schema_has_nothing_to_back_up(fresh_database, tmp_path):
    with pytest.raises(BuildError, match=r'no schema "cloudgpus" to back up; run build.py db migrate'):
        backup.take(fresh_database.empty(), tmp_path, NOW)


def test_folder_that_is_a_file_is_refused(stocked, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildError, match="file/backups: not a directory; expected a writable folder"):
        backup.take(stocked, tmp_path / "file" / "backups", NOW)


def test_full_disk_leaves_nothing_and_is_named(stocked, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_options", lambda taking: ["--schema=cloudgpus", "--file=/dev/full"])
    monkeypatch.setattr(backup.programs, "run", to_full_disk(backup.programs.run))
    with pytest.raises(BuildError, match=r"no backup was made: .*No space left on device"):
        backup.take(stocked, tmp_path, NOW)
    assert names(tmp_path) == []


def to_full_disk(run_program):
    def run_there(program, arguments, environment):
        if program.name == "pg_dump":
            arguments = [one for one in arguments if not one.startswith("--file=") or one == "--file=/dev/full"]
        return run_program(program, arguments, environment)

    return run_there


def test_backup_of_a_user_who_may_not_make_databases_is_only_listed(stocked, tmp_path):
    with psycopg.connect(stocked, autocommit=True) as connection:
        connection.execute("do $$ begin create role plain login; exception when duplicate_object then end $$")
        connection.execute("grant usage on schema cloudgpus to plain")
        connection.execute("grant select on all tables in schema cloudgpus to plain")
        connection.execute("grant select on all sequences in schema cloudgpus to plain")
        connection.execute("alter role plain bypassrls")
    made = backup.take(f"{stocked}&user=plain", tmp_path, NOW)
    assert made.verified == "listed"


def test_a_second_backup_goes_to_another_folder_only(stocked, tmp_path, monkeypatch):
    inside, go_on = threading.Event(), threading.Event()
    dump = backup._dump

    def slow(*arguments):
        inside.set()
        go_on.wait(30)
        dump(*arguments)

    monkeypatch.setattr(backup, "_dump", slow)
    first = threading.Thread(target=backup.take, args=(stocked, tmp_path, NOW))
    first.start()
    inside.wait(30)
    with pytest.raises(BuildError, match="another backup is being written there"):
        backup.take(stocked, tmp_path, NOW + timedelta(seconds=1))
    monkeypatch.setattr(backup, "_dump", dump)
    assert backup.take(stocked, tmp_path / "other", NOW).verified == "restored"
    go_on.set()
    first.join()
    assert backup.kept(tmp_path)[0].verified == "restored"
    assert scratch_databases(stocked) == 0


def test_the_scratch_database_of_a_running_backup_is_not_dropped(stocked, tmp_path):
    with psycopg.connect(stocked, autocommit=True) as alive:
        number = one(alive, "select oid from pg_database where datname = current_database()")
        scratch = f"cloudgpus_verify_{number}_{alive.info.backend_pid}"
        alive.execute(f"create database {scratch}")
        backup.take(stocked, tmp_path, NOW)
        assert one(alive, "select count(*) from pg_database where datname = %s", scratch) == 1
    backup.take(stocked, tmp_path, NOW + timedelta(seconds=1))
    assert scratch_databases(stocked) == 0


def test_an_advisory_lock_stops_no_backup(stocked, tmp_path):
    with psycopg.connect(stocked) as stranger:
        stranger.execute("select pg_advisory_xact_lock(hashtextextended('cloudgpus.backup', 0))")
        assert backup.take(stocked, tmp_path, NOW).verified == "restored"


def test_a_backup_says_who_locks_a_table(stocked, tmp_path, monkeypatch):
    monkeypatch.setattr(db, "_UNHURRIED", db._UNHURRIED.replace("60s", "3s"))
    with psycopg.connect(f"{stocked}&application_name=vacuum") as stranger:
        stranger.execute("lock table cloudgpus.instances in access exclusive mode")
        with pytest.raises(DatabaseUnreachable, match=rf"process {stranger.info.backend_pid}, vacuum, since"):
            backup.take(stocked, tmp_path, NOW)


def test_the_next_backup_removes_what_killed_ones_left(stocked, tmp_path):
    (tmp_path / ".cloudgpus_20260821_020000.dump.unverified").write_text("half")
    (tmp_path / "cloudgpus_20260821_020000.dump.json").write_text("{}")
    with psycopg.connect(stocked, autocommit=True) as connection:
        number = one(connection, "select oid from pg_database where datname = current_database()")
        connection.execute(f"create database cloudgpus_verify_{number}_dead")
    backup.take(stocked, tmp_path, NOW)
    assert len(names(tmp_path)) == 2
    assert scratch_databases(stocked) == 0


@pytest.fixture
def month(tmp_path):
    """A folder with a backup of every tenth day."""
    for days in (0, 10, 20, 30):
        put(tmp_path, "full", NOW - timedelta(days=days))
    return tmp_path


def put(folder, kind, taken_at):
    """A backup with its record, as far as deleting old ones needs it."""
    file = folder / backup._name(kind, taken_at)
    file.write_bytes(b"whole")
    backup._write_record(backup.Backup(file, kind, taken_at, 5, "restored", "18.4", "0001", ()))


def test_old_backups_are_deleted_with_their_records(month):
    deleted = backup.retire(month, NOW, timedelta(days=15))
    assert [path.name for path in deleted] == ["cloudgpus_20260802_020000.dump", "cloudgpus_20260723_020000.dump"]
    assert len(names(month)) == 4


def test_newest_good_backup_is_never_deleted(month):
    for newer in ("cloudgpus_20260822_020000.dump", "cloudgpus_20260812_020000.dump"):
        (month / newer).write_bytes(b"bro")
    backup.retire(month, NOW + timedelta(days=900), timedelta(days=1))
    assert [kept.file.name for kept in backup.kept(month)] == ["cloudgpus_20260802_020000.dump"]


def test_a_backup_dated_in_the_future_stays_and_is_not_the_newest(month):
    put(month, "full", NOW + timedelta(days=900))
    backup.retire(month, NOW, timedelta(days=1))
    assert [kept.taken_at - NOW for kept in backup.kept(month)] == [timedelta(days=900), timedelta(0)]


def test_two_processes_may_delete_from_one_folder_at_the_same_time(tmp_path):
    for days in range(300):
        put(tmp_path, "full", NOW - timedelta(days=days))
    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(backup.retire, tmp_path, NOW, timedelta(days=1)) for _ in range(4)]
        assert all(one.result() is not None for one in done)
    assert len(names(tmp_path)) == 4


def test_newest_of_each_kind_stays(month):
    put(month, "schema", NOW - timedelta(days=60))
    backup.retire(month, NOW, timedelta(days=1))
    assert [kept.kind for kept in backup.kept(month)] == ["full", "schema"]


def test_files_of_others_are_left_alone(month):
    (month / "cloudgpus_20200101_000000.dump").write_bytes(b"made by hand")
    backup.retire(month, NOW, timedelta(days=1))
    assert (month / "cloudgpus_20200101_000000.dump").exists()
