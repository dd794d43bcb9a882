"""Migrate the database's schema forward and back with the files in `sql/migrations/`, and its functions with it.

A migration is plain SQL, `0012_add_commitment_months.sql`, with its rollback in
`0012_add_commitment_months.rollback.sql`; psql runs either unchanged.  Each enters itself in (and removes itself from)
`cloudgpus.schema_migrations`, which the first one creates and whose checksums are filled in here.  So a database that
was migrated with psql is understood too, and rolling everything back leaves no bookkeeping.  The functions are dropped
with the first migration.

yoyo-migrations was tried and does not fit: it runs a migration in one transaction and records it in another (a build
killed in between can never migrate again), holds its lock as a row that a killed process leaves behind, gives the
second of two builds ten seconds instead of its turn, hashes the file's name and not its text, and keeps four tables
of its own.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from generator.database import db, functions
from generator.database.functions import FUNCTIONS
from generator.errors import BuildError, DatabaseBefore, DatabaseNewer
from generator.settings import ROOT

MIGRATIONS = ROOT / "sql" / "migrations"
_ROLLBACK = ".rollback.sql"
_BEFORE = "0001_schema_and_types"  # the first of the 36 migrations of the version before


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration and its status.

    `applied_at` is None for a pending one.  `is_known` is False where the database has it and this checkout does not;
    `is_changed` is True where its file was edited after it was applied.
    """

    id: str
    applied_at: datetime | None
    is_known: bool
    is_changed: bool


class Applied(NamedTuple):
    """The migrations and functions that were applied, in order."""

    migrations: list[str]
    functions: list[str]


@dataclass(frozen=True, slots=True)
class _Bookkeeping:
    exists: bool


@dataclass(frozen=True, slots=True)
class _AppliedRow:
    id: str
    checksum: str | None
    applied_at: datetime


def ids(folder: Path = MIGRATIONS) -> list[str]:
    """The ids of all migrations that have a file, in order."""
    return sorted(path.stem for path in folder.glob("*.sql") if not path.name.endswith(_ROLLBACK))


def migrate(conninfo: str, folder: Path = MIGRATIONS, functions_in: Path = FUNCTIONS) -> Applied:
    """Apply what is pending, each migration in its own transaction, then the functions in one; return what was applied.

    Two processes take turns; where nothing is pending, neither waits.  Raises DatabaseNewer for a database ahead of
    this checkout, DatabaseBefore for one of the version before, BuildError for a migration or a function that fails
    (those before it stay applied), and for a migration whose file was edited after it was applied.
    """
    with _connect(conninfo) as connection:
        if not _is_behind(connection, folder, functions_in):
            return Applied([], [])
        return bring(connection, folder, functions_in)


def bring(connection: db.Connection, folder: Path = MIGRATIONS, functions_in: Path = FUNCTIONS) -> Applied:
    """As `migrate`; within another transaction, all of it is part of that one."""
    applied = Applied([], [])
    while _apply_next(connection, folder, functions_in, applied):
        pass
    _apply_functions(connection, functions_in, applied)
    return applied


def newest_before(connection: db.Connection) -> str | None:
    """The newest migration of a database of the version before; None for any other."""
    applied = _applied(connection)
    return max(applied) if _BEFORE in applied else None


def rollback(conninfo: str, to: str | None = None, folder: Path = MIGRATIONS) -> list[str]:
    """Undo every migration after `to` (an id, or the number it begins with), or all; return their ids, newest first.

    Raises DatabaseNewer and BuildError as `migrate` does, and BuildError for a `to` that is not applied.
    """
    undone: list[str] = []
    with _connect(conninfo) as connection:
        while (migration := _undo_last(connection, folder, to)) is not None:
            undone.append(migration)
    return undone


def status(conninfo: str, folder: Path = MIGRATIONS) -> list[Migration]:
    """Every migration that the database or this checkout has, oldest first."""
    with _connect(conninfo) as connection, db.unhurried(connection):
        return _status(connection, folder)


def pending_functions(conninfo: str, folder: Path = FUNCTIONS) -> list[str]:
    """The names of the functions that differ from their files."""
    with _connect(conninfo) as connection, db.unhurried(connection):
        return functions.pending(connection, folder) if _applied(connection) else functions.names(folder)


def _connect(conninfo: str) -> AbstractContextManager[db.Connection]:
    schema = db.without_schema(conninfo)[1]
    if schema != db.SCHEMA:
        raise BuildError(f'DATABASE_URL asks for schema "{schema}"; expected {db.SCHEMA}, or none')
    return db.connect(conninfo)


def _is_behind(connection: db.Connection, folder: Path, functions_in: Path) -> bool:
    """Whether anything is pending; in a transaction of its own, so as to wait for a turn without any lock."""
    with db.unhurried(connection):
        return _pending(connection, folder) is not None or bool(functions.pending(connection, functions_in))


def _apply_next(connection: db.Connection, folder: Path, functions_in: Path, applied: Applied) -> bool:
    with db.unhurried(connection):
        db.execute(connection, "migrations_take_turns")
        migration = _pending(connection, folder)
        if migration is None:
            return False
        path = folder / f"{migration.id}.sql"
        if named := functions.named(path.read_text("utf-8"), functions_in):
            needed = sorted(named.intersection(functions.pending(connection, functions_in)))
            functions.apply(connection, needed, functions_in)
            applied.functions.extend(needed)
        functions.run(connection, path)
        functions.close(connection)
        checksum = functions.checksum(path)
        if not db.execute(connection, "migrations_set_checksum", id=migration.id, checksum=checksum):
            raise BuildError(f"{path}: does not insert its id into cloudgpus.schema_migrations")
        applied.migrations.append(migration.id)
        return True


def _apply_functions(connection: db.Connection, folder: Path, applied: Applied) -> None:
    with db.unhurried(connection):
        db.execute(connection, "migrations_take_turns")
        changed = functions.pending(connection, folder)
        functions.apply(connection, changed, folder)
        functions.finish(connection, folder)
        applied.functions.extend(changed)


def _pending(connection: db.Connection, folder: Path) -> Migration | None:
    return next((known for known in _checked(connection, folder) if known.applied_at is None), None)


def _undo_last(connection: db.Connection, folder: Path, to: str | None) -> str | None:
    with db.unhurried(connection):
        db.execute(connection, "migrations_take_turns")
        applied = [migration.id for migration in _checked(connection, folder) if migration.applied_at is not None]
        stay = _position(applied, to)
        if len(applied) == stay:
            return None
        path = folder / f"{applied[-1]}{_ROLLBACK}"
        functions.run(connection, path)
        if any(left.id == applied[-1] and left.applied_at for left in _status(connection, folder)):
            raise BuildError(f"{path}: does not delete its id from cloudgpus.schema_migrations")
        return applied[-1]


def _position(applied: list[str], to: str | None) -> int:
    """How many of the applied migrations stay."""
    if to is None:
        return 0
    named = [number for number, id_ in enumerate(applied, 1) if to in {id_, id_.partition("_")[0]}]
    if not named:
        raise BuildError(f'rollback: no applied migration "{to}"; applied are {", ".join(applied) or "none"}')
    return named[0]


def _checked(connection: db.Connection, folder: Path) -> list[Migration]:
    """Every migration of a database that this checkout can migrate.  Raises as `migrate` does for any other."""
    migrations = _status(connection, folder)
    unknown = [migration.id for migration in migrations if not migration.is_known]
    if unknown:
        raise DatabaseNewer(
            f'the database has migration "{unknown[-1]}", which is not in {folder}; '
            "use the newer checkout that made it, or roll it back with that one"
        )
    for migration in migrations:
        if migration.is_changed:
            raise BuildError(
                f"{folder / migration.id}.sql was edited after it was applied to this database; "
                "restore the file, and make the change in a new migration"
            )
    return migrations


def _status(connection: db.Connection, folder: Path) -> list[Migration]:
    applied = _applied(connection)
    if _BEFORE in applied:
        raise DatabaseBefore(
            f'the database is from the version before, up to "{max(applied)}"; build.py db upgrade upgrades it'
        )
    known = {id_: folder / f"{id_}.sql" for id_ in ids(folder)}
    return [_migration(id_, applied.get(id_), known.get(id_)) for id_ in sorted(applied.keys() | known.keys())]


def _applied(connection: db.Connection) -> dict[str, _AppliedRow]:
    (bookkeeping,) = db.rows(connection, "migrations_bookkeeping", _Bookkeeping)
    return {row.id: row for row in db.rows(connection, "migrations_applied", _AppliedRow)} if bookkeeping.exists else {}


def _migration(id_: str, applied: _AppliedRow | None, path: Path | None) -> Migration:
    is_changed = path is not None and applied is not None and applied.checksum not in {None, functions.checksum(path)}
    applied_at = applied.applied_at if applied is not None else None
    return Migration(id_, applied_at, is_known=path is not None, is_changed=is_changed)
