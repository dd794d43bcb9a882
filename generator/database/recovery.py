"""A rehearsal of point-in-time recovery, with two real servers: a mistake, and a recovery to the second before it.

The settings are those that docs/operations.md asks for.  A server archives its log; after a base backup it gets its
data; then the schema is dropped.  A second server starts from the base backup, replays the archive up to a second
before the mistake, and must have every row again, by number and checksum of each table.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from generator.database import backup, db, embedded, migrations, programs, seeds
from generator.database.clocks import ServerClock
from generator.errors import BuildError, DatabaseUnreachable

_PATIENCE = 60  # seconds for a server to start, or for a file to be archived
_ARCHIVING = """
wal_level = replica
archive_mode = on
archive_command = 'test ! -f "{archive}/%f" && cp "%p" "{archive}/%f"'
"""
_RECOVERING = """
archive_mode = off
restore_command = 'cp "{archive}/%f" "%p"'
recovery_target_time = '{target}'
recovery_target_action = promote
"""
_OF_THE_REHEARSAL = """
listen_addresses = ''
unix_socket_directories = '{socket}'
fsync = off
"""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The result of a rehearsal: the `rows` of `tables` that a mistake destroyed, all of which were recovered."""

    destroyed_at: datetime
    recovered_to: datetime
    tables: int
    rows: int
    archived_files: int


@dataclass(frozen=True, slots=True)
class _LogFile:
    name: str


@dataclass(frozen=True, slots=True)
class _Archived:
    is_archived: bool
    failed: str | None


@dataclass(frozen=True, slots=True)
class _Recovery:
    is_recovering: bool


def rehearse(say: Callable[[str], None] = lambda line: None) -> Rehearsal:
    """Rehearse in a temporary folder; `say` gets a line for each step.  Raises BuildError where data are missing."""
    with tempfile.TemporaryDirectory(prefix="cloudgpus-rehearsal-", dir="/tmp") as temporary:
        place = Path(temporary)
        place.chmod(0o711)  # root's servers run as another user
        main, archive, second = place / "main", place / "archive", place / "second"
        embedded.make(main)
        for folder in (archive, second, _socket(main), _socket(second)):
            folder.mkdir(0o700)
            _give(folder, main)
        _configure(main, _ARCHIVING.format(archive=archive))
        with _running(main) as conninfo:
            before, destroyed_at = _destroyed(conninfo, main, second, say)
        target = destroyed_at - timedelta(seconds=1)
        say(f"Recovering to {target:%H:%M:%S.%f} UTC, a second before the mistake.")
        _configure(second, _RECOVERING.format(archive=archive, target=target.isoformat()))
        (second / "recovery.signal").touch()
        _give(second / "recovery.signal", main)
        with _running(second) as conninfo:
            _until(lambda: _is_promoted(second, conninfo), "the second server does not end its recovery")
            _compare(before, _held(conninfo))
        return Rehearsal(
            destroyed_at=destroyed_at,
            recovered_to=target,
            tables=len(before),
            rows=sum(table.rows for table in before),
            archived_files=sum(1 for _ in archive.iterdir()),
        )


def _destroyed(
    conninfo: str, main: Path, second: Path, say: Callable[[str], None]
) -> tuple[list[backup.Fingerprint], datetime]:
    """Fill the database and make the mistake; return what it held before, and the time of the mistake."""
    migrations.migrate(conninfo)
    say("A server archives its log; a base backup is taken.")
    _program(
        main, "pg_basebackup", "-h", str(_socket(main)), "-U", "postgres", "-D", str(second), "-c", "fast", "-X", "none"
    )
    with db.connect(conninfo) as connection:
        seeds.seed(connection)
    before = _held(conninfo)
    say(f"{sum(table.rows for table in before):,} rows are written after it, in {len(before)} tables.")
    time.sleep(1.5)  # so that the last commit is older than the second before the mistake
    with db.connect(conninfo) as connection:
        (clock,) = db.rows(connection, "server_clock", ServerClock)
        connection.execute(db.query("recovery_destroy"))
    if _held(conninfo):
        raise BuildError("rehearsal: the mistake did not destroy anything; there is nothing to recover from")
    say(f"At {clock.now:%H:%M:%S.%f} UTC somebody drops the schema.")
    with db.connect(conninfo) as connection:
        (last,) = db.rows(connection, "recovery_switch", _LogFile)
    _until(lambda: _is_archived(conninfo, last.name), f"file {last.name} of the log is not archived")
    return before, clock.now


def _held(conninfo: str) -> list[backup.Fingerprint]:
    with db.connect(conninfo) as connection:
        return backup.fingerprints(connection)


def _compare(before: list[backup.Fingerprint], after: list[backup.Fingerprint]) -> None:
    differing = {table.name for table in before} ^ {table.name for table in after}
    differing |= {table.name for table in set(before) ^ set(after)}
    if differing:
        raise BuildError(
            f"rehearsal: after the recovery these tables are not as before: {', '.join(sorted(differing))}"
        )


def _is_archived(conninfo: str, name: str) -> bool:
    with db.connect(conninfo) as connection:
        (archived,) = db.rows(connection, "recovery_archived", _Archived, file=name)
    return archived.is_archived


def _is_promoted(cluster: Path, conninfo: str) -> bool:
    """Whether the recovery is over.  Raises BuildError where the server stopped, as when its log ends too early."""
    try:
        with db.connect(conninfo) as connection:
            return not db.rows(connection, "recovery_status", _Recovery)[0].is_recovering
    except DatabaseUnreachable:
        raise BuildError(f"rehearsal: no recovery: {programs.complaint((cluster / 'log').read_bytes())}") from None


def _until(done: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > until:
            raise BuildError(f"rehearsal: {otherwise} within {_PATIENCE} seconds")
        time.sleep(0.1)


def _configure(cluster: Path, settings: str) -> None:
    with (cluster / "postgresql.conf").open("a") as file:
        file.write(settings + _OF_THE_REHEARSAL.format(socket=_socket(cluster)))


def _socket(cluster: Path) -> Path:
    """Where a server listens; not in its data, which the base backup copies."""
    return cluster.with_name(f"{cluster.name}-socket")


@contextmanager
def _running(cluster: Path) -> Iterator[str]:
    """The cluster's server, for the time of the block; its connection string."""
    log = cluster / "log"
    status, _ = embedded.run(cluster, "pg_ctl", "start", "-D", str(cluster), "-l", str(log), "-w", "-t", str(_PATIENCE))
    if status:
        raise BuildError(f"rehearsal: a server does not start: {programs.complaint(log.read_bytes())}")
    try:
        yield f"postgresql://postgres@/postgres?host={quote(str(_socket(cluster)), safe='/')}"
    finally:
        embedded.run(cluster, "pg_ctl", "stop", "-D", str(cluster), "-m", "immediate", "-w")


def _program(cluster: Path, name: str, *arguments: str) -> None:
    status, said = embedded.run(cluster, name, *arguments)
    if status:
        raise BuildError(f"rehearsal: {name}: {said or f'ended with {status}'}")


def _give(path: Path, like: Path) -> None:
    """Hand root's files over to the servers' user."""
    if os.geteuid() == 0:
        owner = like.stat()
        shutil.chown(path, owner.st_uid, owner.st_gid)
