import psycopg
import pytest

from generator import db, migrations, store
from tests.sql.samples import START, add_gpu, add_provider, offer, run, segments
from tests.sql.test_queries import FILES, params, plan, statement

pytestmark = pytest.mark.postgres


@pytest.fixture
def old(postgres_15):
    """A migrated database on PostgreSQL 15."""
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        admin.execute("drop database if exists old with (force)")
        admin.execute("create database old")
    url = postgres_15.replace("/postgres?", "/old?")
    migrations.migrate(url)
    yield url
    migrations.rollback(url)


def test_migrations_go_forward_and_back(old):
    assert len(migrations.rollback(old)) == len(migrations.migrate(old))
    migrations.rollback(old)
    with psycopg.connect(old) as connection:
        assert connection.execute("select from pg_namespace where nspname = 'cloudgpus'").fetchone() is None
        assert connection.execute("select extname from pg_extension").fetchall() == [("plpgsql",)]


def test_every_query_is_valid(old):
    with db.connect(old) as connection:
        for name in FILES:
            if "create temporary table" in statement(name):
                connection.execute(statement(name))
        for name in FILES:
            plan(connection, statement(name), params(name))


def test_a_run_is_stored_with_its_history(old):
    with db.connect(old) as connection:
        add_gpu(connection)
        add_provider(connection)
        store.start_run(connection, START, "live", "v1")
        assert store.store(connection, run(0, [offer(price=2)])).created == 1
        assert store.store(connection, run(1, [offer(price=3)])).updated == 1
        assert store.store(connection, run(60, [offer(price=3)])).unchanged == 1
        assert segments(connection) == [(2, 0, 1, 0), (3, 1, 1, 1), (3, 60, None, None)]
