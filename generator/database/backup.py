"""Backups: verified pg_dump files; a file that was not verified never has the name of a backup.

A dump and the fingerprints of all tables are taken from one snapshot, whatever is written meanwhile.  The file has a
temporary name until it was restored into a scratch database and every table had the same fingerprint there, so a
backup that is killed leaves nothing that looks like a good one.  Beside each dump is its record, a JSON file.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import orjson

from generator.database import clocks, db, programs
from generator.database.load import Script, load
from generator.errors import BuildError

Kind = Literal["full", "schema", "data", "tables"]
Verified = Literal["restored", "listed"]

_PREFIX, _SUFFIX, _UNVERIFIED = "cloudgpus_", ".dump", ".unverified"
STAMP = "%Y%m%d_%H%M%S"
# Tables whose rows belong to the definitions: which migrations are applied, and the rows that these wrote.
_OF_THE_SCHEMA = frozenset({"schema_migrations", "schema_functions", "project_objects", "source_classes"})


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A table's number of rows and their checksum in any order; `root` is the table that it is a partition of."""

    name: str
    root: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup; `server` is the version of PostgreSQL it was taken from, `migration` the newest one in it."""

    file: Path
    kind: Kind
    taken_at: datetime
    bytes: int
    verified: Verified
    server: str
    migration: str | None
    tables: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    id: str
    database: int
    server: str


@dataclass(frozen=True, slots=True)
class _MayScratch:
    may: bool
    encoding: str


@dataclass(frozen=True, slots=True)
class _Database:
    name: str


@dataclass(frozen=True, slots=True)
class _Migration:
    id: str


@dataclass(slots=True)
class _Taking:
    """A backup under way: its tables and its file."""

    conninfo: str
    connection: db.Connection
    snapshot: _Snapshot
    kind: Kind
    file: Path
    found: list[Fingerprint] = field(default_factory=list)
    tables: list[Fingerprint] = field(default_factory=list)

    @property
    def version(self) -> int:
        return self.connection.info.server_version // 10000


def take(conninfo: str, folder: Path, now: datetime, kind: Kind = "full", tables: Sequence[str] = ()) -> Backup:
    """Back up the schema, verify the file, and return the backup.

    "schema" leaves the rows out, "data" the definitions; "tables" takes the rows of the named tables only.  Raises
    BuildError where the folder can't be written, where nothing can be dumped, and where the dump differs from the
    database.
    """
    with _folder(folder), db.connect(conninfo) as connection, db.unhurried(connection):
        connection.execute("set transaction isolation level repeatable read")
        (snapshot,) = db.rows(connection, "backup_snapshot", _Snapshot)
        taking = _Taking(conninfo, connection, snapshot, kind, folder / _name(kind, now))
        if taking.file.exists():
            raise BuildError(f"{taking.file}: exists already, from a backup in this very second; run it again")
        taking.found = fingerprints(connection)
        if not taking.found:
            raise BuildError(f'no schema "{db.SCHEMA}" to back up; run build.py db migrate, or check DATABASE_URL')
        taking.tables = _chosen(taking.found, kind, tables)
        return _finished(taking, now)


def fingerprints(connection: db.Connection) -> list[Fingerprint]:
    """The fingerprint of every table of the schema in this transaction; an empty list where there is no schema."""
    db.execute(connection, "backup_fingerprints_table")
    connection.execute(db.query("backup_fingerprints_take"))
    return db.rows(connection, "backup_fingerprints", Fingerprint)


def kept(folder: Path) -> list[Backup]:
    """The good backups of a folder, newest first: those whose file is as long as the record says."""
    found = [_read(file) for file in folder.glob(f"{_PREFIX}*{_SUFFIX}")]
    return sorted((backup for backup in found if backup), key=lambda backup: backup.taken_at, reverse=True)


def retire(folder: Path, now: datetime, keep: timedelta) -> list[Path]:
    """Delete backups older than `keep`, except the newest good one of each kind; return the deleted files."""
    newest: dict[Kind, Path] = {}
    deleted = []
    for backup in kept(folder):
        if clocks.is_later(backup.taken_at, now):
            continue  # dated by a clock that was ahead: its age is unknown
        is_newest = newest.setdefault(backup.kind, backup.file) == backup.file
        if not is_newest and now - backup.taken_at > keep:
            backup.file.unlink(missing_ok=True)
            record_of(backup.file).unlink(missing_ok=True)
            deleted.append(backup.file)
    return deleted


def record_of(file: Path) -> Path:
    """The path of a dump's record."""
    return file.with_name(file.name + ".json")


def read_record(file: Path) -> Backup | None:
    """The record of a dump; None where there is none, as for a dump made by hand."""
    try:
        stated = orjson.loads(record_of(file).read_bytes())
        tables = tuple(Fingerprint(**table) for table in stated.pop("tables"))
        taken_at = datetime.fromisoformat(stated.pop("taken_at"))
        return Backup(**{**stated, "file": file, "taken_at": taken_at, "tables": tables})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _read(file: Path) -> Backup | None:
    backup = read_record(file)
    with suppress(FileNotFoundError):  # another process has just deleted it
        if backup and file.stat().st_size == backup.bytes:
            return backup
    return None


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """Lock the folder for one backup at a time; make it where needed, and clear away what killed ones left."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f".{_PREFIX}*{_UNVERIFIED}"):
            left.unlink()
        for record in folder.glob(f"{_PREFIX}*{_SUFFIX}.json"):
            if not record.with_suffix("").exists():
                record.unlink()
        yield
        os.fsync(descriptor)
    except BlockingIOError:
        raise BuildError(f"{folder}: another backup is being written there; try again when it is done") from None
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        os.close(descriptor)


def _unwritable(folder: Path, error: OSError) -> BuildError:
    problem = (error.strerror or str(error)).lower()
    return BuildError(f"{error.filename or folder}: {problem}; expected a writable folder with room, as --to DIR")


def _name(kind: Kind, now: datetime) -> str:
    part = "" if kind == "full" else f"{kind}_"
    return f"{_PREFIX}{part}{now.astimezone(UTC).strftime(STAMP)}{_SUFFIX}"


def _chosen(found: Sequence[Fingerprint], kind: Kind, tables: Sequence[str]) -> list[Fingerprint]:
    """The tables whose rows go into the dump."""
    if kind == "schema":
        return [table for table in found if table.name in _OF_THE_SCHEMA]
    if kind != "tables":
        return list(found)
    known = {table.name for table in found} | {table.root for table in found}
    for name in tables:
        if name not in known:
            raise BuildError(
                f'no table is called "{name}"; the tables are {", ".join(sorted({one.root for one in found}))}'
            )
    return [table for table in found if {table.name, table.root} & set(tables)]


def _finished(taking: _Taking, now: datetime) -> Backup:
    unverified = taking.file.with_name(f".{taking.file.name}{_UNVERIFIED}")
    migration = db.rows(taking.connection, "backup_migration", _Migration)
    try:
        _dump(taking, unverified, _options(taking))
        verified = _verify(taking, unverified)
        backup = Backup(
            file=taking.file,
            kind=taking.kind,
            taken_at=now,
            bytes=unverified.stat().st_size,
            verified=verified,
            server=taking.snapshot.server,
            migration=migration[0].id if migration else None,
            tables=tuple(taking.tables),
        )
        _write_record(backup)
        unverified.rename(taking.file)
    finally:
        unverified.unlink(missing_ok=True)
    return backup


def _options(taking: _Taking) -> list[str]:
    """The options of pg_dump that choose a part of the schema."""
    schema = f"--schema={db.SCHEMA}"
    match taking.kind:
        case "full":
            return [schema]
        case "schema":
            chosen = {table.name for table in taking.tables}
            others = [table.name for table in taking.found if table.name not in chosen]
            return [schema, *(f'--exclude-table-data={db.SCHEMA}."{name}"' for name in others)]
        case "data":
            return [schema, "--data-only"]
        case "tables":
            return ["--data-only", *(f'--table={db.SCHEMA}."{table.name}"' for table in taking.tables)]


def _dump(taking: _Taking, file: Path, options: Sequence[str]) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))  # it holds drafts and commissions
    program = programs.find("pg_dump", taking.version)
    what = ["--format=custom", "--compress=6", f"--snapshot={taking.snapshot.id}", "--no-password", *options]
    what.append("--lock-wait-timeout=60s")
    try:
        programs.run(program, [*what, f"--file={file}"], programs.environment(taking.conninfo))
    except BuildError as error:
        raise BuildError(f"{file.parent}: no backup was made: {error.message}") from None


def _write_record(backup: Backup) -> None:
    stated = {**asdict(backup), "file": backup.file.name}
    record_of(backup.file).write_bytes(orjson.dumps(stated, option=orjson.OPT_INDENT_2))
    record_of(backup.file).chmod(0o600)


def _verify(taking: _Taking, file: Path) -> Verified:
    """Check that the dump holds the rows that it should; raises BuildError where it does not."""
    restorer = programs.find("pg_restore", taking.version)
    listed = programs.run(restorer, ["--list", str(file)], programs.environment(taking.conninfo))
    missing = [table.name for table in taking.tables if f" TABLE DATA {db.SCHEMA} {table.name} " not in listed]
    if missing:
        raise BuildError(f"{taking.file}: no backup was made: table {missing[0]} is missing from the dump")
    (scratch,) = db.rows(taking.connection, "backup_may_scratch", _MayScratch)
    if not scratch.may:
        return "listed"
    with _scratch(taking, scratch.encoding) as conninfo:
        _restore_into_scratch(taking, file, conninfo)
    return "restored"


def _restore_into_scratch(taking: _Taking, file: Path, conninfo: str) -> None:
    with db.connect(conninfo) as connection:
        db.execute(connection, "backup_close_scratch")
        connection.commit()
        if taking.kind in {"data", "tables"}:
            definitions = file.with_name(f".{_PREFIX}definitions{_UNVERIFIED}")
            definitions.unlink(missing_ok=True)
            try:
                _dump(taking, definitions, [f"--schema={db.SCHEMA}", "--schema-only", "--no-privileges"])
                load(conninfo, definitions, Script(), options=["--no-owner", "--section=pre-data"])
            finally:
                definitions.unlink(missing_ok=True)
        load(conninfo, file, Script(), options=["--no-owner"])
        with db.unhurried(connection):
            restored = {table.name: table for table in fingerprints(connection)}
    differing = [table.name for table in taking.tables if restored.get(table.name) != table]
    differing += [table.name for table in taking.found if table.name not in restored]
    if differing:
        raise BuildError(f"{taking.file}: no backup was made: table {differing[0]} differs after a restore")


@contextmanager
def _scratch(taking: _Taking, encoding: str) -> Iterator[str]:
    """A database for one verification; those that killed backups left are dropped too."""
    environment = programs.environment(taking.conninfo)
    base = f"--maintenance-db={taking.connection.info.dbname}"
    drop = [base, "--if-exists", "--force"]  # even where somebody is connected to it
    prefix = f"cloudgpus_verify_{taking.snapshot.database}_"
    for left in db.rows(taking.connection, "backup_left_over", _Database, prefix=prefix):
        with suppress(BuildError):  # another backup has just dropped it
            programs.run(programs.find("dropdb", taking.version), [*drop, left.name], environment)
    name = f"{prefix}{taking.connection.info.backend_pid}"
    create = programs.find("createdb", taking.version)
    programs.run(create, [base, "--template=template0", f"--encoding={encoding}", name], environment)
    try:
        yield programs.of_database(taking.conninfo, name)
    finally:
        with suppress(BuildError):  # a session that we may not end is in it: the next backup drops it
            programs.run(programs.find("dropdb", taking.version), [*drop, name], environment)
