"""A database of the version before (before/) is upgraded with all its rows."""

import gzip
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.database import backup, db, migrations, restore, upgrade
from generator.errors import BuildError, DatabaseBefore
from generator.site import built_pages
from tests.generator.database.test_migrations import dump
from tests.sql import privileges
from tests.sql.samples import one

pytestmark = pytest.mark.postgres

BEFORE = Path(__file__).parent / "before" / "before.dump.gz"
NOW = datetime(2026, 9, 5, tzinfo=UTC)
MOVED = (
    "schema_migrations", "schema_functions", "moved_slices", "slice_revisions", "slices_settled", "gpu_figures",
    "gpu_floors", "gpu_offers", "provider_figures", "page_slices", "former_pages", "price_spans", "crowded_pairs",
    "scheduled_prices", "disputed_prices", "retracted_price_events", "editors", "content_revisions", "content_reviews",
    "slug_history", "audit_log",
)  # fmt: skip


@pytest.fixture(scope="module")
def restored(fresh_database, tmp_path_factory):
    """The dump in a database."""
    file = tmp_path_factory.mktemp("before") / "before.dump"
    file.write_bytes(gzip.decompress(BEFORE.read_bytes()))
    url = fresh_database.empty()
    with db.connect(url) as connection:
        if (version := connection.info.server_version // 10000) < 18:
            pytest.skip(f"the database is a dump of PostgreSQL 18; this server is {version}")
    restore.restore(url, restore.plan(url, file))
    return url


@pytest.fixture
def before(fresh_database, restored):
    return fresh_database.copy_of(restored)


def held(url, *columns):
    """The number of rows of each table, and the rows themselves of some tables."""
    with db.connect(url) as connection:
        found = {one.name: one.rows for one in backup.fingerprints(connection) if one.name not in MOVED}
        return found, [connection.execute(column).fetchall() for column in columns]


def test_every_row_is_copied(before, tmp_path):
    sums = (
        "select count(*), sum(price_per_gpu_hour), min(created_at), max(updated_at) from instances",
        "select count(*), sum(price_per_gpu_hour), min(recorded_at), max(valid_to) from price_history",
        "select count(*), sum(mean) from price_daily",
        "select slug, page_type, title, front_matter, updated_at from content_pages order by slug",
        "select max(id) from runs",
        "select kind, name from project_objects order by 1, 2",
    )
    rows, values = held(before, *sums)
    assert rows["price_history_2026_06_detached"] > 0
    assert rows["price_history_2026_08"] > 0
    upgrade.upgrade(before, tmp_path, NOW)
    assert held(before, *sums) == (rows, values)


def test_an_upgraded_database_is_as_one_that_was_migrated(before, tmp_path, fresh_database):
    upgrade.upgrade(before, tmp_path, NOW)
    assert migrations.migrate(before) == ([], [])
    assert migrations.pending_functions(before) == []
    other = fresh_database.migrated()
    with db.connect(before) as connection, db.connect(other) as made:
        assert privileges.unintended(connection) == []
        assert privileges.missing(connection) == []
        assert one(connection, "select to_regnamespace('cloudgpus_before')") is None
        made.execute("select ensure_price_history_partitions('2026-06-01Z', '2026-12-15Z')")
        made.execute("select detach_price_history('2026-07-01')")
    difference = set(dump(before).splitlines()) ^ set(dump(other).splitlines())
    assert {line for line in difference if "price_history_20" not in line} == set()


def test_a_page_s_one_file_is_its_list_of_files(before, tmp_path):
    with db.connect(before) as connection:
        assert one(connection, "select file_hash from cloudgpus.built_pages where path = '/'") == "h"
    upgrade.upgrade(before, tmp_path, NOW)
    with db.connect(before) as connection:
        assert one(connection, "select files from cloudgpus.built_pages where path = '/'") == {"index.html": "h"}


def test_the_next_build_makes_every_page(before, tmp_path):
    upgrade.upgrade(before, tmp_path, NOW)
    with db.connect(before) as connection:
        assert one(connection, "select count(*) from builds") == 1
        assert built_pages.last_build(connection) is None
        assert one(connection, "select settle_slices(%s)", NOW) == 1
        assert one(connection, "select count(*) from slice_revisions where slice = 'everything'") == 1


def test_identity_columns_go_on_counting(before, tmp_path):
    upgrade.upgrade(before, tmp_path, NOW)
    with db.connect(before) as connection:
        newest = one(connection, "select max(id) from runs")
        add = "insert into runs (as_of, source) values (now(), 'live') returning id"
        assert one(connection, add) == newest + 1


def test_every_command_but_upgrade_refuses_it_in_a_line_that_names_upgrade(before):
    for command in (migrations.migrate, migrations.rollback, migrations.status):
        with pytest.raises(DatabaseBefore, match=r'from the version before, up to "0036_.*build\.py db upgrade'):
            command(before)


def test_the_backup_brings_the_version_before_back(before, tmp_path):
    made = upgrade.upgrade(before, tmp_path, NOW)
    assert made.verified == "restored"
    restore.restore(before, restore.plan(before, made.file))
    upgrade.upgrade(before, tmp_path / "again", NOW)


SPOILT = {
    "a table of somebody's own": ("create table cloudgpus.mine (id integer)", r"only the version before has mine\.id"),
    "a column of somebody's own": ("alter table cloudgpus.runs add mine int", r"only the version before has runs\.min"),
    "a view outside": ("create view public.seen as select id from cloudgpus.runs", "public.seen uses the schema"),
    "a name that is taken": ("create schema cloudgpus_before", 'schema "cloudgpus_before" already exists'),
    "an earlier version": (
        "delete from cloudgpus.schema_migrations where id ~ '^0036'", 'is up to "0035_.*", expected "0036_'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_what_can_t_be_copied_is_named_and_everything_stays(before, tmp_path, name):
    change, said = SPOILT[name]
    with db.connect(before) as connection:
        connection.execute(change)
    rows = held(before)
    with pytest.raises(BuildError, match=said):
        upgrade.upgrade(before, tmp_path, NOW)
    assert held(before) == rows
    with pytest.raises(DatabaseBefore):
        migrations.status(before)


def test_a_row_that_differs_afterwards_leaves_the_old_state(before, tmp_path):
    with db.connect(before) as connection:
        connection.execute("alter table cloudgpus.instances disable trigger user")
        connection.execute("alter table cloudgpus.instances alter price_per_gpu_hour drop expression")
        connection.execute("update cloudgpus.instances set price_per_gpu_hour = 1")
    with pytest.raises(BuildError, match=r"table instances is not as it was: .*; nothing was changed; .*\.dump"):
        upgrade.upgrade(before, tmp_path, NOW)
    with db.connect(before) as connection:
        assert one(connection, "select max(price_per_gpu_hour) from cloudgpus.instances") == 1


def test_a_database_of_this_version_or_of_none_is_left_alone(database_url, fresh_database, tmp_path):
    for url in (database_url, fresh_database.empty()):
        with pytest.raises(BuildError, match="is not from the version before"):
            upgrade.upgrade(url, tmp_path, NOW)
    assert not list(tmp_path.iterdir())


def test_db_upgrade_says_what_it_did(before, tmp_path):
    environment = os.environ | {"DATABASE_URL": before, "CLOUDGPUS_BACKUP_DIR": str(tmp_path)}

    def build(*arguments):
        command = [".venv/bin/python", "build.py", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    refused = build("db", "status")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "build.py db upgrade" in refused.stderr
    done = build("db", "upgrade")
    assert "The database is upgraded" in done.stdout
    assert build("db", "status").returncode == 0
