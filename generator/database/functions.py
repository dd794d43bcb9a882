"""The database's functions, one per file in `sql/functions/`, applied again whenever the file's text has changed.

They are applied after the migrations, except those that a migration names, which are applied before it.  The hashes of
the applied texts are in `cloudgpus.schema_functions`.  A function whose arguments or result change is dropped and made
again; where something depends on it (a view, a column), PostgreSQL refuses that, and a migration has to drop the
dependent first.  The same goes for a generated column, a check or an index that stores the function's results, which
would be those of the old text.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg.errors import InvalidFunctionDefinition

from generator.database import db
from generator.errors import BuildError
from generator.settings import ROOT

FUNCTIONS = ROOT / "sql" / "functions"
_FIRST = "a migration has to drop that first"


@dataclass(frozen=True, slots=True)
class _Applied:
    name: str
    checksum: str


@dataclass(frozen=True, slots=True)
class _Known:
    signature: str
    definition: str
    removal: str
    keepers: list[str]


def pending(connection: db.Connection, folder: Path = FUNCTIONS) -> list[str]:
    """The names of the functions that differ from their files, or have none."""
    applied = {one.name: one.checksum for one in db.rows(connection, "functions_applied", _Applied)}
    here = {path.stem: checksum(path) for path in folder.glob("*.sql")}
    return sorted(name for name in applied.keys() | here.keys() if applied.get(name) != here.get(name))


def names(folder: Path = FUNCTIONS) -> list[str]:
    """The names of all functions that have a file."""
    return sorted(path.stem for path in folder.glob("*.sql"))


def named(text: str, folder: Path = FUNCTIONS) -> set[str]:
    """The functions that a migration's text names, those that these name, and so on."""
    found: set[str] = set()
    texts = [text]
    while texts:
        text = texts.pop()
        new = {name for name in names(folder) if f"{db.SCHEMA}.{name}(" in text} - found
        texts.extend((folder / f"{name}.sql").read_text("utf-8") for name in new)
        found |= new
    return found


def apply(connection: db.Connection, changed: Iterable[str], folder: Path = FUNCTIONS) -> None:
    """Bring these functions in line with their files.  Raises BuildError where PostgreSQL refuses one."""
    db.execute(connection, "functions_unchecked")
    for name in changed:
        path = folder / f"{name}.sql"
        _replace(connection, path) if path.exists() else _remove(connection, path)


def finish(connection: db.Connection, folder: Path = FUNCTIONS) -> None:
    """After the last function: have PostgreSQL check them all, and set who may call them."""
    for name in names(folder):
        try:
            db.execute(connection, "functions_check", function=name)
        except db.Error as error:
            raise BuildError(f"{folder / name}.sql: {db.said(error)}") from error
    close(connection)


def close(connection: db.Connection) -> None:
    """Set who may call the functions."""
    connection.execute(db.query("functions_close"))


def run(connection: db.Connection, path: Path) -> None:
    """Run a file.  Raises BuildError with the line at which PostgreSQL stopped."""
    try:
        connection.execute(path.read_bytes())
    except db.Error as error:
        raise BuildError(f"{path}{_line(path, error)}: {db.said(error)}") from error


def checksum(path: Path) -> str:
    """The hash of a file's text, whichever line ends the checkout has."""
    return hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()


def _replace(connection: db.Connection, path: Path) -> None:
    before = _known(connection, path)
    try:
        with connection.transaction():
            connection.execute(path.read_bytes())
    except InvalidFunctionDefinition:  # its result, or the names of its arguments, have changed
        _drop(connection, path, before)
        run(connection, path)
    except db.Error as error:
        raise BuildError(f"{path}{_line(path, error)}: {db.said(error)}") from error
    if len(after := _known(connection, path)) > 1:  # with other arguments it is a second function
        _drop(connection, path, before)
    elif before and before[0].keepers and before[0].definition != after[0].definition:
        raise BuildError(f"{path}: {before[0].keepers[0]} stores results of the old function; {_FIRST}")
    db.execute(connection, "functions_note", function=path.stem, checksum=checksum(path))


def _remove(connection: db.Connection, path: Path) -> None:
    _drop(connection, path, _known(connection, path))
    db.execute(connection, "functions_forget", function=path.stem)


def _drop(connection: db.Connection, path: Path, old: Sequence[_Known]) -> None:
    for function in old:
        try:
            connection.execute(function.removal.encode())
        except db.Error as error:
            raise BuildError(f"{path}: {db.said(error)}; {_FIRST}") from error


def _known(connection: db.Connection, path: Path) -> list[_Known]:
    return db.rows(connection, "functions_known", _Known, function=path.stem)


def _line(path: Path, error: db.Error) -> str:
    """ ":12" where PostgreSQL says at which line of the file, else ""."""
    position = error.diag.statement_position
    return f":{path.read_text('utf-8').count(chr(10), 0, int(position)) + 1}" if position else ""
