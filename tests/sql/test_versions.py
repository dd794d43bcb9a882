from decimal import Decimal

import psycopg
import pytest

from generator.catalogue.gather import Snapshot, gather
from generator.database import db, migrations, runs
from generator.ingest import store
from tests.conftest import Databases
from tests.sampling import sample
from tests.sql.samples import START, add_gpu, add_provider, after, offer, run, segments, settle
from tests.sql.test_queries import FILES, params, plan, statement

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module", params=sample(["15", "embedded", "16"], 2))
def databases(request):
    """The databases of each PostgreSQL version here, from the oldest supported to the newest."""
    made = Databases(
        request.getfixturevalue({"15": "postgres_15", "16": "postgres_16"}.get(request.param, "server_url"))
    )
    yield made
    made.drop_all()


@pytest.fixture
def old(databases):
    """A migrated database on each of them."""
    return databases.migrated()


def test_migrations_go_forward_and_back(old):
    assert migrations.rollback(old) == migrations.migrate(old).migrations[::-1]
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
        runs.start(connection, START, "live", "v1")
        assert store.store(connection, run(0, [offer(price=2)])).created == 1
        assert store.store(connection, run(1, [offer(price=3)])).updated == 1
        assert store.store(connection, run(60, [offer(price=3)])).unchanged == 1
        assert segments(connection) == [(2, 0, 1, 0), (3, 1, 1, 1), (3, 60, None, None)]


def test_a_catalogue_is_gathered(old):
    with db.connect(old) as connection:
        add_gpu(connection)
        add_provider(connection)
        runs.start(connection, START, "live", "v1")
        store.store(connection, run(0, [offer(price=2)]))
        store.store(connection, run(30, [offer(price=3)]))
        settle(connection, 49)
        connection.commit()
        found = gather(Snapshot(connection), after(49), [], "")
        assert [row.price_per_hour for row in found.offers_by_gpu["h100-sxm"]] == [3]
        assert [round(row.floor, 4) for row in found.trends["h100-sxm"]] == [2, Decimal("2.75")]
