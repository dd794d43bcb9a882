"""Connections to PostgreSQL, and named queries into typed rows.

A query is a file in `sql/queries/`, called by its name.  Rows are dataclasses or NamedTuples.

Everything works through a transaction pooler (PgBouncer, Supabase), since nothing outlives a transaction: each begins
with its own settings, no statement is prepared, locks and temporary tables end with it.
"""

import logging
import re
import secrets
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Thread
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import unquote

import orjson
import psycopg
from psycopg import sql
from psycopg.errors import (
    DependentObjectsStillExist,
    InsufficientPrivilege,
    LockNotAvailable,
    QueryCanceled,
    RaiseException,
)
from psycopg.pq import TransactionStatus
from psycopg.rows import RowFactory, RowMaker, TupleRow, class_row
from psycopg.types.json import Jsonb

from generator.database import conninfo, embedded
from generator.errors import DatabaseUnreachable
from generator.settings import ROOT, Settings
from scrapers.normalised import TERMS

logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # a broken connection is reported once, by its error

Error = psycopg.Error
Refused = (psycopg.DataError, psycopg.IntegrityError)
Forbidden = (RaiseException, InsufficientPrivilege)  # by a rule of ours in a trigger, or by a grant
Row = TypeVar("Row")

SCHEMA = "cloudgpus"
QUERIES = ROOT / "sql" / "queries"
OLDEST = 15  # the oldest PostgreSQL with all that the migrations use
# For every transaction.  No schema that others may write to is searched, and temporary tables come last.
_SETTINGS = sql.SQL("""
    set local search_path = {schema}, pg_temp;
    set local timezone = 'UTC';
    set local client_min_messages = warning;
    set local application_name = {application};
    set local statement_timeout = '30s';
    set local lock_timeout = {patience};
    set local idle_in_transaction_session_timeout = '60s'
""")
_HURRIED = "set local statement_timeout = '3s'"
_UNHURRIED = """
    set local statement_timeout = 0;
    set local lock_timeout = '60s';
    set local idle_in_transaction_session_timeout = 0
"""
_LOOK = 0.5  # seconds until the first look at what a statement waits for; each further look waits twice as long
_MAYBE_LOCKED = "is it busy, or locked by another?"
# What to do, by the beginning of the SQLSTATE; the first that matches.
_ADVICE = (
    (("57014", "55P03"), _MAYBE_LOCKED),
    (("42501", "25006"), "check DATABASE_URL"),
    (("XX", "58"), "is it damaged? see the server's log; build.py db restore puts a backup in its place"),
    (
        ("0A", "21", "22", "23", "3F", "42", "P0"),
        "is it as this checkout left it? build.py db restore puts a backup in its place",
    ),
    (("53", "54"), "make room on the server, or try again later"),
    (("57P",), "run this again when the server runs"),
    (("",), "check DATABASE_URL"),
)
_STOPPED = "did the server stop? see its log"
_ALL_TERMS = re.compile(r"\{(\w+\.)?terms\}")  # "{offer.terms}" or "{terms}", without a table alias
# Parameters of an address that other programs understand and libpq refuses.
_NOT_LIBPQ = frozenset({"schema", "pgbouncer"})


class _Cursor(psycopg.Cursor[Any]):
    def execute(self, *args: Any, **kwargs: Any) -> "_Cursor":
        """Execute as psycopg does, in a transaction that has the project's settings."""
        _apply_settings(self.connection)
        return super().execute(*args, **kwargs)

    @contextmanager
    def copy(self, *args: Any, **kwargs: Any) -> Iterator[psycopg.Copy]:
        """Copy as psycopg does, in a transaction that has the project's settings."""
        _apply_settings(self.connection)
        with super().copy(*args, **kwargs) as copy:
            yield copy


class Connection(psycopg.Connection[TupleRow]):
    """A connection each of whose transactions begins with the project's settings.

    `application` is its name among the server's sessions, since its process is unknown through a pooler.  `patience` is
    how long a transaction waits for a lock.
    """

    schema = SCHEMA
    address = libpq = ""
    patience = "10s"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = f"build.py {secrets.token_hex(4)}"

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait as psycopg does; the error of a lock timeout also says who holds the lock."""
        holders: list[str] = []
        try:
            return super().wait(self._watched(gen, holders), *args, **kwargs)
        except LockNotAvailable as error:
            if holders:
                error.add_note(holders[-1])
            raise

    def _watched(self, gen: Generator[Any, Any, Any], holders: list[str]) -> Generator[Any, Any, Any]:
        """The same steps; while the server takes its time, look up who holds the lock.

        In a thread, since a pooler may make the second connection wait until this one's transaction is over.
        """
        pause = _LOOK
        look_at = monotonic() + pause
        ready = None
        while True:
            try:
                ready = yield gen.send(ready)
            except StopIteration as end:
                return end.value
            if monotonic() >= look_at:
                Thread(target=_look, args=(self, holders), daemon=True).start()
                pause *= 2
                look_at = monotonic() + pause

    @contextmanager
    def transaction(self, savepoint_name: str | None = None, force_rollback: bool = False) -> Iterator[Any]:
        """Begin a transaction as psycopg does; the outermost one gets the project's settings."""
        is_outermost = self.info.transaction_status == TransactionStatus.IDLE
        with super().transaction(savepoint_name, force_rollback) as transaction:
            if is_outermost:
                _set(self)
            yield transaction


def _apply_settings(connection: Any) -> None:
    """Give the transaction that the next statement begins its settings; with autocommit there is none."""
    if connection.info.transaction_status == TransactionStatus.IDLE and not connection.autocommit:
        _set(connection)


def _set(connection: Any) -> None:
    values = {name: sql.Literal(getattr(connection, name)) for name in ("application", "patience")}
    psycopg.Cursor(connection).execute(_SETTINGS.format(schema=sql.Identifier(connection.schema), **values))


@dataclass(frozen=True, slots=True)
class _Session:
    pid: int


@dataclass(frozen=True, slots=True)
class _Holder:
    role: str
    pid: int
    application: str
    since: datetime | None

    def __str__(self) -> str:
        since = f", since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        return f'"{self.role}" (process {self.pid}, {self.application or "no name"}{since})'


def _look(waiting: Connection, found: list[str]) -> None:
    """Add to `found` who holds the locks that a connection waits for, as far as a second connection can see it."""
    with (
        suppress(Error),
        psycopg.connect(waiting.libpq, prepare_threshold=None, connect_timeout=2) as other,
        other.cursor(row_factory=class_row(_Holder)) as cursor,
    ):
        holders = cursor.execute(query("lock_holders"), {"application": waiting.application}).fetchall()
        found.extend([" and ".join(map(str, holders))] if holders else [])


def said(error: Error) -> str:
    """A database error in one line, with the holder of a lock or with the dependent object where there is one."""
    what = error.diag.message_primary or str(error)
    if isinstance(error, DependentObjectsStillExist) and error.diag.message_detail:
        return f"{what}: {error.diag.message_detail.splitlines()[0]}"
    if isinstance(error, LockNotAvailable | QueryCanceled):
        return f"{what}; {_held_by(error) or _MAYBE_LOCKED}"
    return what


def _held_by(error: Error) -> str:
    holders = " and ".join(getattr(error, "__notes__", []))
    return f"the lock is held by {holders}" if holders else ""


def url(settings: Settings) -> str:
    """The connection string of the database in use; starts the embedded server where no database is configured."""
    return settings.database_url or embedded.url(settings.data_dir / "postgres", _is_idle)


def without_schema(stated: str) -> tuple[str, str]:
    """A connection URI as libpq takes it, and the schema in its parameter `schema`."""
    if "://" not in stated:
        return stated, SCHEMA
    address, _, query = stated.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    schemas = [unquote(value) for name, _, value in pairs if name == "schema"]
    kept = "&".join("".join(pair) for pair in pairs if pair[0] not in _NOT_LIBPQ)
    return f"{address}?{kept}" if kept else address, schemas[0] if schemas else SCHEMA


@contextmanager
def connect(address: str) -> Iterator[Connection]:
    """A connection; commits at the end of the block, rolls back on an exception.  Times are UTC.

    A statement may take 30 seconds, a lock 10, an idle transaction 60; see `unhurried` for more.  Raises
    DatabaseUnreachable, without the password, for every database error that the block doesn't catch: there is no
    connection, it breaks, a lock takes too long, the database is read-only, damaged, full, or has another schema.
    """
    libpq, schema = without_schema(address)
    stated = conninfo.read(libpq)
    try:
        with Connection.connect(
            libpq, cursor_factory=_Cursor, prepare_threshold=None, connect_timeout=10
        ) as connection:
            connection.schema, connection.libpq, connection.address = schema, libpq, address
            _check_version(connection, stated)
            yield connection
    except psycopg.Error as error:
        raise _broken(error, stated) from error


def another(connection: Connection) -> Connection:
    """Another connection to the same database; whoever opens it closes it, or ends with it."""
    opened = Connection.connect(connection.libpq, cursor_factory=_Cursor, prepare_threshold=None, connect_timeout=10)
    opened.schema, opened.libpq, opened.address = connection.schema, connection.libpq, connection.address
    return opened


def is_idle(connection: Connection) -> bool:
    """Whether no transaction is under way on a connection."""
    return connection.info.transaction_status == TransactionStatus.IDLE


def unhurry(connection: Connection) -> None:
    """Lift the time limits of this transaction; it still waits no longer than a minute for a lock."""
    connection.execute(_UNHURRIED)


def hurry(connection: Connection) -> None:
    """Give the statements of this transaction 3 seconds each, for work that may as well be left undone."""
    connection.execute(_HURRIED)


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """A transaction without time limits, for work that may take long: migrations, seeds, moves of history.

    It still waits no longer than a minute for a lock.  Within another transaction, the limits are lifted until that
    one ends.
    """
    with connection.transaction():
        connection.execute(_UNHURRIED)
        yield


def takes_session_settings(address: str) -> bool:
    """Whether a session can be given its schema at the start, which a pooler refuses or forgets.

    Raises DatabaseUnreachable where there is no connection.
    """
    libpq, schema = without_schema(address)
    stated = conninfo.read(libpq)
    try:
        with psycopg.connect(libpq, options=f"-c search_path={schema}", connect_timeout=10) as connection:
            return connection.execute("select current_setting('search_path')").fetchone() == (schema,)
    except psycopg.Error as error:
        if "unsupported startup parameter" in str(error):
            return False
        raise _broken(error, stated) from error


def _check_version(connection: Connection, stated: Mapping[str, Any]) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        raise DatabaseUnreachable(f"{conninfo.named(stated)}: PostgreSQL {version}; expected {OLDEST} or newer")


def _is_idle(address: str) -> bool:
    """Whether nobody else, such as a psql prompt, is connected; a server that can't be asked is idle."""
    try:
        with connect(address) as connection:
            return not rows(connection, "other_sessions", _Session)
    except DatabaseUnreachable:
        return True


def _broken(error: psycopg.Error, stated: Mapping[str, Any]) -> DatabaseUnreachable:
    """A database error as one line that says what to do."""
    sqlstate = error.sqlstate or ""
    usual = next(advice for beginnings, advice in _ADVICE if sqlstate.startswith(beginnings))
    advice = _STOPPED if "server closed the connection" in str(error) else _held_by(error) or usual
    return DatabaseUnreachable(f"{conninfo.named(stated)}: {conninfo.first_line(error, stated)}; {advice}")


@cache
def query(name: str) -> str:
    """The text of `sql/queries/<name>.sql`, with the columns that `{offer.terms}` stands for written out."""
    return _ALL_TERMS.sub(_terms, (QUERIES / f"{name}.sql").read_text("utf-8"))


def _terms(named: re.Match[str]) -> str:
    return ", ".join(f"{named[1] or ''}{term}" for term in TERMS)


def rows(connection: Connection, name: str, row: type[Row], **params: Any) -> list[Row]:
    """The rows that the named query returns, each as a `row`.

    Columns have the names of its fields; those of a NamedTuple also their order, since it is made without names, in a
    tenth of the time.
    """
    make: RowFactory[Any] = _by_place(row, name) if issubclass(row, tuple) else class_row(row)
    with connection.cursor(row_factory=make) as cursor:
        return cursor.execute(query(name), _taken(params)).fetchall()


def _by_place(row: Any, name: str) -> RowFactory[Any]:
    def maker(cursor: Any) -> RowMaker[Any]:
        columns = tuple(column.name for column in cursor.description or ())
        if columns != row._fields:
            raise TypeError(f"sql/queries/{name}.sql: columns {columns}; expected the fields of {row.__name__}")
        made: RowMaker[Any] = row._make
        return made

    return maker


def execute(connection: Connection, name: str, **params: Any) -> int:
    """Run the named statement; return the number of rows it touched."""
    return connection.execute(query(name), _taken(params)).rowcount


def text(stated: str) -> str:
    """Text as PostgreSQL can store it: without NULs and lone surrogates."""
    if stated.isascii() and "\0" not in stated:
        return stated
    return stated.replace("\0", "").encode("utf-8", "replace").decode()


def _taken(value: Any) -> Any:
    """A parameter with all text in it as PostgreSQL can store it."""
    match value:
        case str():
            return text(value)
        case list():
            return [_taken(one) for one in value]
        case dict():
            return {name: _taken(one) for name, one in value.items()}
    return value


def json(value: Any) -> Jsonb:
    """A value for a jsonb column; amounts keep their digits as text."""
    return Jsonb(_taken(value), dumps=lambda data: orjson.dumps(data, default=str))
