import io
from datetime import timedelta

import obstore
import pyrage
import pytest
from obstore.exceptions import PreconditionError
from pydantic import SecretStr

from generator import settings
from generator.database import backup, backup_store, db, restore, runs
from generator.errors import BuildError
from tests.generator.database.test_backup import NOW, stocked, stocked_once  # noqa: F401
from tests.generator.publishing.sites import S3Place, moto
from tests.sql.samples import START

pytestmark = pytest.mark.postgres

KEY = SecretStr(backup_store.new_key())


@pytest.fixture(scope="session")
def served():
    """The environment of an S3 server with the bucket "backups"."""
    server = moto()
    yield S3Place("http://{}:{}".format(*server.get_host_and_port()), "backups").environment
    server.stop()


@pytest.fixture
def address(served, monkeypatch, request):
    """A place of the test's own in the bucket."""
    for name, value in served.items():
        monkeypatch.setenv(name, value)
    return f"s3://backups/{request.node.name}"


@pytest.fixture
def store(address, served):
    return backup_store.opened(address, KEY, served)


def put(store, url, now=NOW):
    return backup_store.put(store, url, now, backup_store.mark(store))


def names(store):
    return sorted(entry["path"] for batch in obstore.list(store.objects) for entry in batch)


def test_a_backup_comes_back_from_the_store_as_it_was(store, stocked, tmp_path, fresh_database):  # noqa: F811
    put(store, stocked)
    file = backup_store.fetch(store, backup_store.mark(store).stored, tmp_path)
    elsewhere = fresh_database.empty()
    restore.restore(elsewhere, restore.plan(elsewhere, file))
    with db.connect(stocked) as old, db.connect(elsewhere) as new:
        assert backup.fingerprints(new) == backup.fingerprints(old)
    assert backup.read_record(file).tables


def test_everything_in_the_store_is_encrypted(store, stocked):  # noqa: F811
    put(store, stocked)
    assert names(store) == [
        "cloudgpus_20260822_020000.dump.age",
        "cloudgpus_20260822_020000.dump.json.age",
        "latest.age",
    ]
    for name in names(store):
        assert obstore.get(store.objects, name).bytes().to_bytes().startswith(b"age-encryption.org/v1\n")


def test_a_store_without_backups_has_none(store):
    assert backup_store.mark(store) == backup_store.Mark(None, None)


def test_backups_without_a_mark_are_not_taken_for_none(store, stocked):  # noqa: F811
    put(store, stocked)
    obstore.delete(store.objects, "latest.age")
    with pytest.raises(BuildError, match=r"has backups, but no latest\.age"):
        backup_store.mark(store)


def test_a_bucket_that_is_not_there_is_no_empty_store(served):
    store = backup_store.opened("s3://nowhere/prefix", KEY, served)
    with pytest.raises(BuildError, match=r"s3://nowhere/prefix: 404 Not Found \(NoSuchBucket\); check"):
        backup_store.mark(store)


def test_a_database_that_began_afresh_does_not_follow_a_backup(store, stocked, database_url):  # noqa: F811
    put(store, stocked)
    found = backup_store.mark(store)
    with db.connect(stocked) as same:
        backup_store.require_successor(same, found, "s3://x")
    with db.connect(database_url) as fresh:
        runs.start(fresh, START, "live", "v1")
        with pytest.raises(BuildError, match="holds runs that this database has not; nothing was stored"):
            backup_store.require_successor(fresh, found, "s3://x")


def test_of_two_backups_at_once_the_second_is_refused(store, stocked):  # noqa: F811
    before = backup_store.mark(store)
    first = backup_store.put(store, stocked, NOW, before)
    with pytest.raises(BuildError, match="another backup was stored meanwhile and stays the newest"):
        backup_store.put(store, stocked, NOW + timedelta(hours=1), before)
    assert backup_store.mark(store).stored == first


def test_a_backup_of_the_same_second_does_not_overwrite_the_first(store, stocked, tmp_path):  # noqa: F811
    stored = put(store, stocked)
    with pytest.raises(BuildError, match="exists already, from a backup in this very second"):
        put(store, stocked)
    assert backup_store.fetch(store, stored, tmp_path).exists()


@pytest.mark.long
def test_another_key_opens_nothing(store, stocked, address, served):  # noqa: F811
    put(store, stocked)
    other = backup_store.opened(address, SecretStr(backup_store.new_key()), served)
    with pytest.raises(BuildError, match=r"latest\.age: CLOUDGPUS_BACKUP_KEY does not open it"):
        backup_store.mark(other)


@pytest.mark.parametrize(("key", "found"), [(None, "is not set"), (SecretStr("age1public"), "is no age key")])
def test_a_key_that_is_none_is_not_repeated(key, found):
    with pytest.raises(BuildError) as raised:
        backup_store.opened("s3://backups/x", key, {})
    assert raised.value.message.startswith(f"CLOUDGPUS_BACKUP_KEY {found}; expected AGE-SECRET-KEY-1...")
    assert "age1public" not in raised.value.message


def test_a_damaged_dump_is_not_restored(store, stocked, tmp_path):  # noqa: F811
    stored = put(store, stocked)
    sealed = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(b"drop table"), sealed, [store.key.to_public()])
    obstore.put(store.objects, f"{stored.name}.age", sealed.getvalue())
    with pytest.raises(BuildError, match="damaged: not what was stored"):
        backup_store.fetch(store, stored, tmp_path)
    assert not (tmp_path / stored.name).exists()


def test_what_the_store_did_not_keep_is_no_backup(store, stocked, monkeypatch):  # noqa: F811
    monkeypatch.setattr(obstore, "put", lambda objects, name, _, real=obstore.put: real(objects, name, b"cut"))
    with pytest.raises(BuildError, match="the store has other bytes than were sent"):
        put(store, stocked)
    assert names(store) == ["cloudgpus_20260822_020000.dump.age"]


def test_old_backups_go_and_the_newest_and_other_files_stay(store, stocked):  # noqa: F811
    put(store, stocked)
    put(store, stocked, NOW + timedelta(days=1))
    obstore.put(store.objects, "notes.txt", b"ours")
    obstore.put(store.objects, "cloudgpus_20260101_000000.dump.age", b"left by a killed backup")
    gone = backup_store.retire(store, NOW + timedelta(days=40), timedelta(days=30))
    assert len(gone) == 3
    assert names(store) == [
        "cloudgpus_20260823_020000.dump.age",
        "cloudgpus_20260823_020000.dump.json.age",
        "latest.age",
        "notes.txt",
    ]


@pytest.mark.long
def test_an_older_backup_is_found_by_its_name(store, stocked):  # noqa: F811
    first = put(store, stocked)
    put(store, stocked, NOW + timedelta(days=1))
    assert backup_store.named(store, f"{first.name}.age") == first


def test_the_key_is_not_handed_to_other_programs(monkeypatch):
    for name in ("CLOUDGPUS_BACKUP_KEY", "AWS_SECRET_ACCESS_KEY", "GH_TOKEN"):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in settings.for_programs().values()


@pytest.mark.long
def test_a_mark_whose_answer_got_lost_is_found_put(store, stocked, monkeypatch):  # noqa: F811
    def put_and_lose(objects, name, data, mode=None, real=obstore.put):
        real(objects, name, data, **({"mode": mode} if mode else {}))
        if mode:
            raise PreconditionError

    monkeypatch.setattr(obstore, "put", put_and_lose)
    stored = put(store, stocked)
    assert backup_store.mark(store).stored == stored
