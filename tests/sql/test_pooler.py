"""The project on a real PgBouncer that lends its one server connection for a transaction at a time, as on Supabase."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from generator.catalogue.gather import Snapshot, gather
from generator.database import db, migrations, runs, seeds
from generator.errors import DatabaseUnreachable
from generator.ingest import refresh, store
from generator.ingest.outcome import Options
from tests.sql.samples import START, add_gpu, add_provider, offer, one, run, segments
from tests.tools import pgbouncer

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pooler(server_url):
    if pgbouncer.program() is None:
        pytest.skip("no PgBouncer on this machine; python -m tests.tools.pgbouncer installs it where root may")
    with pgbouncer.pooler(server_url) as url:
        yield url


@pytest.fixture(scope="module")
def pooler_of_two(server_url, pooler):
    """A build reads its snapshot through one connection and stores through another."""
    with pgbouncer.pooler(server_url, servers=2) as url:
        yield url


@pytest.fixture
def pooled(pooler, fresh_database):
    """The pooled URL of an empty database, as Supabase writes it; others left their settings in the session."""
    name = psycopg.conninfo.conninfo_to_dict(fresh_database.empty())["dbname"]
    url = pooler.removesuffix("/postgres") + f"/{name}"
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("create schema hostile; create table hostile.instances (id text)")
        other.execute("set search_path = hostile; set timezone = 'Asia/Tokyo'; set statement_timeout = '1h'")
        other.execute("set datestyle = 'German'; set default_transaction_isolation = 'serializable'")
    return f"{url}?schema=cloudgpus&pgbouncer=true&sslmode=prefer"


@pytest.fixture
def migrated(pooled):
    migrations.migrate(pooled)
    with db.connect(pooled) as connection:
        add_gpu(connection)
        add_provider(connection)
        runs.start(connection, START, "live", "v1")
    return pooled


def test_the_pooler_refuses_startup_parameters_so_we_send_none(pooler):
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter"):
        psycopg.connect(pooler, options="-c search_path=cloudgpus")


def test_a_session_s_settings_are_those_of_others(pooled):
    with psycopg.connect(db.without_schema(pooled)[0]) as connection:
        assert one(connection, "show search_path") == "hostile"


def test_every_transaction_has_the_project_s_settings(pooled):
    shown = {"search_path": "cloudgpus, pg_temp", "TimeZone": "UTC", "client_min_messages": "warning",
             "statement_timeout": "30s", "idle_in_transaction_session_timeout": "1min"}  # fmt: skip
    names = "select {}".format(", ".join(f"current_setting('{name}')" for name in shown))
    with db.connect(pooled) as connection:
        for _ in range(2):
            assert connection.execute(names).fetchone() == tuple(shown.values())
            connection.commit()
        with connection.transaction():
            assert connection.execute(names).fetchone() == tuple(shown.values())
        with connection.cursor() as cursor, cursor.copy("copy (select current_setting('TimeZone')) to stdout") as copy:
            assert list(copy.rows()) == [("UTC",)]


def test_nothing_of_ours_is_left_to_the_next_user_of_the_connection(migrated):
    with db.connect(migrated) as connection:
        assert store.store(connection, run(0, [offer()])).created == 1
    with psycopg.connect(db.without_schema(migrated)[0]) as other:
        assert one(other, "show search_path") == "hostile"
        assert one(other, "select count(*) from pg_prepared_statements") == 0
        assert one(other, "select count(*) from pg_class where relname = 'incoming_offers'") == 0
        assert one(other, "select count(*) from pg_locks where locktype = 'advisory'") == 0


def test_two_clients_take_turns_on_one_connection(migrated):
    with db.connect(migrated) as first, db.connect(migrated) as second:
        assert store.store(first, run(0, [offer(price=2)])).created == 1
        assert store.store(second, run(1, [offer(price=3)])).updated == 1
        assert store.store(first, run(2, [offer(price=3)])).unchanged == 1
        assert segments(first) == [(2, 0, 1, 0), (3, 1, None, None)]


def test_a_statement_that_takes_too_long_is_cancelled_with_a_message(migrated, monkeypatch):
    monkeypatch.setattr(db, "_SETTINGS", db.sql.SQL(db._SETTINGS.as_string(None).replace("'30s'", "'50ms'")))
    with pytest.raises(DatabaseUnreachable, match="statement timeout"), db.connect(migrated) as connection:
        connection.execute("select pg_sleep(2)")
    with db.connect(migrated) as connection, db.unhurried(connection):
        connection.execute("select pg_sleep(0.2)")


def test_no_transaction_stays_open_while_providers_answer(migrated, tmp_path):
    idle = []
    with db.connect(migrated) as connection:
        seeds.seed(connection)
        connection.commit()

        def note(*_):
            idle.append(connection.info.transaction_status)

        options = Options(source="recorded", providers=("runpod", "lambda-labs"))
        clock = lambda: datetime(2026, 9, 1, tzinfo=UTC)  # noqa: E731
        refresh.refresh(connection, options, keys={}, contact="x", version="v", clock=clock, on_done=note)
    assert set(idle) == {TransactionStatus.IDLE}


def psql(url, *args):
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    command = [sys.executable, "build.py", "db", "psql", "--", *args]
    environment = kept | {"DATABASE_URL": url}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_psql_finds_the_tables_and_leaves_no_path_behind(migrated):
    assert psql(migrated, "-Atc", "select slug from providers").stdout == "nimbus\n"
    assert psql(migrated, "-c", "update providers set founded_year = 1999").stdout == "UPDATE 1\n"
    with psycopg.connect(db.without_schema(migrated)[0]) as other:
        assert one(other, "show search_path") == "hostile"
        assert one(other, "select founded_year from cloudgpus.providers") == 1999


def test_psql_s_exit_status_is_that_of_its_command(migrated):
    failed = psql(migrated, "-v", "ON_ERROR_STOP=1", "-c", "select nothing from nowhere")
    assert (failed.returncode, "nowhere" in failed.stderr) == (1, True)


def test_a_prompt_without_a_path_says_how_to_set_it(migrated):
    assert "set local search_path = cloudgpus" in psql(migrated).stderr


@pytest.mark.long
def test_the_whole_job_runs_through_one_with_two_servers(pooled, pooler, pooler_of_two, tmp_path):
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    two = pooled.replace(pooler.removesuffix("/postgres"), pooler_of_two.removesuffix("/postgres"))
    environment = {**kept, "DATABASE_URL": two, "CLOUDGPUS_DATA_DIR": str(tmp_path / "data")}
    job = [sys.executable, "build.py", "--source", "recorded", "--json", "--out", str(tmp_path / "site")]
    said = subprocess.run(job, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["build"]["pages_n"] > 200
    with db.connect(pooled) as connection:
        assert gather(Snapshot(connection), datetime.now(UTC), [], "").is_all_recorded
