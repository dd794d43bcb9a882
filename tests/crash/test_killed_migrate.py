import pytest

from generator.database import db, migrations
from tests.crash.conftest import ROUNDS
from tests.generator.database.test_migrations import dump
from tests.sql.samples import one

pytestmark = [pytest.mark.postgres, pytest.mark.long]

MIGRATE = ["build.py", "db", "migrate"]
SEEDED = ("gpu_models", "gpu_aliases", "providers", "provider_terms", "provider_regions", "gpu_benchmarks")
SEEDED += ("reference_history", "exchange_rates")


def counts(url):
    with db.connect(url) as connection:
        return [one(connection, f"select count(*) from {table}") for table in SEEDED]


@pytest.fixture(scope="module")
def undisturbed(fresh_database, killer):
    """The schema and its row counts after a migration that nobody killed."""
    url = fresh_database.empty()
    killer.environment["DATABASE_URL"] = url
    killer.run(MIGRATE)
    return dump(url), counts(url)


@pytest.mark.parametrize("number", ROUNDS)
def test_killed_migrate_leaves_whole_migrations_and_the_next_goes_on(number, undisturbed, fresh_database, killer):
    urls = []

    def prepare():
        urls.append(fresh_database.empty())
        killer.environment["DATABASE_URL"] = urls[-1]
        return MIGRATE

    killer.kill("migrate", number, prepare)
    applied = [standing.applied_at is not None for standing in migrations.status(urls[-1])]
    assert applied == sorted(applied, reverse=True)
    if all(applied):
        assert counts(urls[-1]) in ([0] * len(SEEDED), undisturbed[1], [*undisturbed[1][:-1], 0])
    killer.run(MIGRATE)
    assert (dump(urls[-1]), counts(urls[-1])) == undisturbed
