"""A real PostgreSQL for the tests that need one: a server for each worker, a database for each test.

With `pytest -n 4`, each worker takes a file at a time, the files that take longest first.
"""

import atexit
import itertools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from generator.database import db, embedded, migrations

# On a shared machine, the time that an example takes says nothing about the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

# A shell's background jobs and nohup ignore these signals, and so would the programs that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

_MEMORY = Path("/dev/shm")
_ROOM = 8 << 30  # bytes; a run takes some 5 GB
_LEFT = "cloudgpus-test-"  # what the folders of a run's servers begin with
_LONGEST = 12 * 3600  # seconds that a run may take


def _is_roomy(folder: Path) -> bool:
    """Whether temporary files of a whole run, programs among them, may lie there."""
    if not os.access(folder, os.W_OK):
        return False
    there = os.statvfs(folder)
    return not there.f_flag & os.ST_NOEXEC and there.f_bavail * there.f_frsize > _ROOM


def _clear(folder: Path) -> None:
    """Delete what runs that were killed have left there: several of them fill a machine's memory."""
    for left in folder.glob(f"{_LEFT}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LONGEST:
                shutil.rmtree(left)


if "PYTEST_XDIST_WORKER" not in os.environ:
    _clear(_MEMORY)
    _clear(Path(tempfile.gettempdir()))

# In memory nothing waits for the disk, as a build does that syncs its files.
if "TMPDIR" not in os.environ and _is_roomy(_MEMORY):
    os.environ["TMPDIR"], tempfile.tempdir = str(_MEMORY), None

_numbers = itertools.count(1)

FIRST = ("tests/site/test_", "tests/site/", "tests/faults/", "tests/generator/commands/", "tests/generator/site/")
TOGETHER = ("tests/site/made_up/", "tests/site/small/", "tests/site/", "tests/faults/", "tests/odd_rows/")
"""Folders whose files go to one worker, since they share what takes long to make: a built site, a full refresh."""


class _ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Deal the tests out to the workers by file, or by folder."""
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put those first that take longest, so that no worker is left with them at the end."""
    items.sort(
        key=lambda item: next((n for n, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST))
    )


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The connection string of a server for this run; TEST_DATABASE_URL names another one to use."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix=_LEFT))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the server's own exit handler has stopped it
    url = embedded.url(folder / "postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"alter system set {setting} = off")  # type: ignore[arg-type]
        connection.execute("select pg_reload_conf()")
    yield url


def _database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?", 1) if "/postgres?" in url else url.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(scope="session")
def fresh_database(server_url: str) -> Iterator["Databases"]:
    """A maker of databases, empty or migrated."""
    databases = Databases(server_url)
    yield databases
    if "TEST_DATABASE_URL" in os.environ:  # this run's own server is deleted as a whole
        databases.drop_all()


class Databases:
    """The databases of this run; a migrated one is copied from a template, which takes 50 ms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.names: list[str] = []
        self.migrated_name = ""

    def empty(self) -> str:
        return self._create("template1")

    def migrated(self) -> str:
        if not self.migrated_name:
            url = self.empty()
            self.migrated_name = self.names.pop()
            migrations.migrate(url)
        return self._create(self.migrated_name)

    def copy_of(self, url: str) -> str:
        return self._create(urlsplit(url).path.removeprefix("/"))

    def damaged_copy_of(self, url: str, *tables: str) -> str:
        """A copy in which these tables' files hold garbage."""
        nodes = "select current_setting('data_directory'), relfilenode from pg_class where oid = %s::regclass"
        with psycopg.connect(url, options="-c search_path=cloudgpus") as connection:
            found = [connection.execute(nodes, (table,)).fetchone() or ("", 0) for table in tables]
        copy = self.copy_of(url)  # made of files: nothing of it is in memory
        with psycopg.connect(self.url) as connection:
            oid = "select oid from pg_database where datname = %s"
            (folder,) = connection.execute(oid, (self.names[-1],)).fetchone() or (0,)
        for data, node in found:
            Path(data, "base", str(folder), str(node)).write_bytes(b"garbage!" * 8192)
        return copy

    def _create(self, template: str) -> str:
        name = f"cloudgpus_test_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            copy = f'create database "{name}" template "{template}" strategy file_copy'  # half the time of wal_log
            connection.execute(copy)  # type: ignore[arg-type]
        self.names.append(name)
        return _database(self.url, name)

    def drop(self, url: str) -> None:
        self._drop([urlsplit(url).path.removeprefix("/")])

    def drop_since(self, made: int) -> None:
        """Drop all but the first so many."""
        self._drop(self.names[made:])
        del self.names[made:]

    def drop_all(self) -> None:
        self._drop(filter(None, (*self.names, self.migrated_name)))

    def _drop(self, names: Iterable[str]) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for name in names:
                connection.execute(f'drop database if exists "{name}" with (force)')  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def drop_databases(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop a test's own databases once it is over: those of a whole run would fill the memory."""
    if "fresh_database" not in request.fixturenames:
        yield
        return
    databases: Databases = request.getfixturevalue("fresh_database")
    made = len(databases.names)
    yield
    databases.drop_since(made)


@pytest.fixture
def database_url(fresh_database: Databases) -> str:
    """The URL of a migrated database for one test."""
    return fresh_database.migrated()


@pytest.fixture
def connection(database_url: str) -> Iterator[db.Connection]:
    """A connection to a migrated database for one test."""
    with db.connect(database_url) as connection:
        yield connection
