import psycopg
import pytest

from generator.database import backup, backup_store, db, restore
from tests.crash.conftest import ROUNDS
from tests.crash.test_killed_refresh import first  # noqa: F401
from tests.generator.database.test_backup import names, scratch_databases
from tests.generator.database.test_backup_store import KEY, served  # noqa: F401

pytestmark = [pytest.mark.postgres, pytest.mark.long]


def held(url):
    with db.connect(url) as connection:
        return backup.fingerprints(connection)


@pytest.fixture(scope="module")
def source(first, fresh_database):  # noqa: F811
    """A database to back up."""
    return fresh_database.copy_of(first)


@pytest.mark.parametrize("number", ROUNDS)
def test_killed_backup_leaves_nothing_that_looks_like_one(number, source, killer, tmp_path):
    killer.environment["DATABASE_URL"] = source
    command = ["build.py", "db", "backup", "--to", str(tmp_path)]

    def prepare():
        for path in tmp_path.iterdir():
            path.unlink()
        return command

    killer.kill("backup", number, prepare)
    for made in (path for path in tmp_path.glob("*.dump")):
        assert backup.read_record(made).tables == tuple(held(source))
        assert restore.plan(source, made).is_whole
    killer.run(command)
    assert [made.verified for made in backup.kept(tmp_path)] == ["restored"] * len(list(tmp_path.glob("*.dump")))
    assert all(name.endswith((".dump", ".dump.json")) for name in names(tmp_path))
    assert scratch_databases(source) == 0


@pytest.mark.parametrize("number", ROUNDS)
def test_a_killed_backup_into_a_store_is_its_newest_or_leaves_that(number, source, killer, served, tmp_path):  # noqa: F811
    address = f"s3://backups/killed-{number}"
    killer.environment |= {"DATABASE_URL": source, "CLOUDGPUS_BACKUP_KEY": KEY.get_secret_value(), **served}
    store = backup_store.opened(address, KEY, served)
    command = ["build.py", "db", "backup", "--to", address]
    killer.run(command)
    killer.kill("backup into a store", number, lambda: command)
    newest = backup_store.fetch(store, backup_store.mark(store).stored, tmp_path)
    assert backup.read_record(newest).tables == tuple(held(source))
    killer.run(command)
    assert backup_store.mark(store).stored.name > newest.name


@pytest.fixture(scope="module")
def dumped(first, killer, tmp_path_factory):  # noqa: F811
    """A backup of the database after its first run."""
    folder = tmp_path_factory.mktemp("backups")
    killer.environment["DATABASE_URL"] = first
    killer.run(["build.py", "db", "backup", "--to", str(folder)])
    return backup.kept(folder)[0]


@pytest.mark.parametrize("number", ROUNDS)
def test_killed_restore_leaves_the_old_schema_or_the_new(number, first, dumped, fresh_database, killer):  # noqa: F811
    urls, old = [], []

    def prepare():
        urls.append(fresh_database.copy_of(first))
        with psycopg.connect(urls[-1]) as connection:
            connection.execute("update cloudgpus.instances set price_per_hour = 99")
        old.append(held(urls[-1]))
        killer.environment["DATABASE_URL"] = urls[-1]
        return ["build.py", "db", "restore", str(dumped.file), "--yes"]

    killer.kill("restore", number, prepare)
    assert held(urls[-1]) in (old[-1], list(dumped.tables))
    killer.run(["build.py", "db", "restore", str(dumped.file), "--yes"])
    assert held(urls[-1]) == list(dumped.tables)
