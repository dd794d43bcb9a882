"""PostgreSQL, embedded or given: connections, and named queries into typed rows.  The only user of psycopg.

A query is a file in `sql/queries/`; its name is the file's.  Rows are dataclasses built by field name.

Everything works through a pooler that lends a server for one transaction only (PgBouncer, Supabase): nothing outlives
a transaction.  Each begins with its own settings, no statement is prepared, locks and temporary tables end with it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from urllib.parse import unquote

import orjson
import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, class_row
from psycopg.types.json import Jsonb

from generator import conninfo, embedded
from generator.errors import DatabaseUnreachable
from generator.settings import ROOT, Settings

Error = psycopg.Error
Refused = (psycopg.DataError, psycopg.IntegrityError)
Row = TypeVar("Row")

SCHEMA = "cloudgpus"
QUERIES = ROOT / "sql" / "queries"
OLDEST = 15  # the oldest PostgreSQL that has all the migrations use
# Of every transaction.  No schema that others may write to is searched, and temporary tables come last.
_SETTINGS = sql.SQL("""
    set local search_path = {schema}, pg_temp;
    set local timezone = 'UTC';
    set local client_min_messages = warning;
    set local statement_timeout = '30s';
    set local idle_in_transaction_session_timeout = '60s'
""")
_HURRIED = "set local statement_timeout = '3s'"
_UNHURRIED = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0"
# What to do, by how the SQLSTATE begins; the first that fits.
_ADVICE = (
    (("57014", "55P03"), "is it busy, or locked by another?"),
    (("42501", "25006"), "check DATABASE_URL"),
    (("XX", "58"), "is it damaged? see the server's log; build.py db restore puts a backup in its place"),
    (
        ("0A", "21", "22", "23", "3F", "42", "P0"),
        "is it as this checkout left it? build.py db restore puts a backup in its place",
    ),
    (("53", "54"), "make room on the server, or try again later"),
    (("",), "check DATABASE_URL"),
)
# Of an address, what other programs understand and libpq refuses.
_NOT_LIBPQ = frozenset({"schema", "pgbouncer"})


class _Cursor(psycopg.Cursor[Any]):
    def execute(self, *args: Any, **kwargs: Any) -> "_Cursor":
        """As always, in a transaction that has its settings."""
        _settle(self.connection)
        return super().execute(*args, **kwargs)

    @contextmanager
    def copy(self, *args: Any, **kwargs: Any) -> Iterator[psycopg.Copy]:
        """As always, in a transaction that has its settings."""
        _settle(self.connection)
        with super().copy(*args, **kwargs) as copy:
            yield copy


class Connection(psycopg.Connection[TupleRow]):
    """A connection each of whose transactions begins with the project's settings."""

    schema = SCHEMA

    @contextmanager
    def transaction(self, savepoint_name: str | None = None, force_rollback: bool = False) -> Iterator[Any]:
        """As always; the outermost one gets its settings."""
        is_outermost = self.info.transaction_status == TransactionStatus.IDLE
        with super().transaction(savepoint_name, force_rollback) as transaction:
            if is_outermost:
                _set(self)
            yield transaction


def _settle(connection: Any) -> None:
    """Give a transaction that the next statement begins its settings; without transactions there are none."""
    if connection.info.transaction_status == TransactionStatus.IDLE and not connection.autocommit:
        _set(connection)


def _set(connection: Any) -> None:
    schema = sql.Identifier(connection.schema)
    psycopg.Cursor(connection).execute(_SETTINGS.format(schema=schema))


@dataclass(frozen=True, slots=True)
class _Session:
    pid: int


def url(settings: Settings) -> str:
    """The connection string of the database in use; starts the embedded server where none is given."""
    return settings.database_url or embedded.url(settings.data_dir / "postgres", _is_idle)


def without_schema(stated: str) -> tuple[str, str]:
    """A connection URI as libpq takes it, and the schema that it names by `schema`."""
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

    A statement has 30 seconds, an idle transaction 60; see `unhurried` for more.  Raises DatabaseUnreachable, without
    the password, where there is none, where it breaks, and where it refuses or fails at what nobody nearer to it
    expected: it is read-only, damaged, full, or its schema another.
    """
    libpq, schema = without_schema(address)
    stated = conninfo.read(libpq)
    try:
        with Connection.connect(
            libpq, cursor_factory=_Cursor, prepare_threshold=None, connect_timeout=10
        ) as connection:
            connection.schema = schema
            _check_version(connection, stated)
            yield connection
    except psycopg.Error as error:
        raise _broken(error, stated) from error


def hurry(connection: Connection) -> None:
    """Give the statements of this transaction 3 seconds each, for what may as well be left undone."""
    connection.execute(_HURRIED)


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """A transaction without time limits, for the work that may be long: migrations, seeds, moves of history.

    In a transaction that is under way the limits are gone until its end.
    """
    with connection.transaction():
        connection.execute(_UNHURRIED)
        yield


def takes_session_settings(address: str) -> bool:
    """Whether a session can be given its schema when it begins; a pooler refuses that, or forgets it.

    Raises DatabaseUnreachable where there is no database.
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
    """Whether nobody but us is connected, as a psql prompt is; a server that can't be asked serves nobody."""
    try:
        with connect(address) as connection:
            return not rows(connection, "other_sessions", _Session)
    except DatabaseUnreachable:
        return True


def _broken(error: psycopg.Error, stated: Mapping[str, Any]) -> DatabaseUnreachable:
    """What the database refused, or failed at, as one line with what to do."""
    state = error.sqlstate or ""
    advice = next(advice for states, advice in _ADVICE if state.startswith(states))
    return DatabaseUnreachable(f"{conninfo.named(stated)}: {conninfo.first_line(error, stated)}; {advice}")


@cache
def query(name: str) -> str:
    """The text of `sql/queries/<name>.sql`."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


def rows(connection: Connection, name: str, row: type[Row], **params: Any) -> list[Row]:
    """What the named query returns, each row as a `row`."""
    with connection.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(query(name), params).fetchall()


def execute(connection: Connection, name: str, **params: Any) -> int:
    """Run the named statement; the number of rows it touched."""
    return connection.execute(query(name), params).rowcount


def json(value: Any) -> Jsonb:
    """A value for a jsonb column; amounts keep their digits as text."""
    return Jsonb(value, dumps=lambda data: orjson.dumps(data, default=str))
