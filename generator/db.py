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
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import InsufficientPrivilege, OperationalError, QueryCanceled, ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, class_row
from psycopg.types.json import Jsonb

from generator import embedded
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


def without_schema(conninfo: str) -> tuple[str, str]:
    """A connection URI as libpq takes it, and the schema that it names by `schema`."""
    if "://" not in conninfo:
        return conninfo, SCHEMA
    address, _, query = conninfo.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    schemas = [unquote(value) for name, _, value in pairs if name == "schema"]
    kept = "&".join("".join(pair) for pair in pairs if pair[0] not in _NOT_LIBPQ)
    return f"{address}?{kept}" if kept else address, schemas[0] if schemas else SCHEMA


@contextmanager
def connect(conninfo: str) -> Iterator[Connection]:
    """A connection; commits at the end of the block, rolls back on an exception.  Times are UTC.

    A statement has 30 seconds, an idle transaction 60; see `unhurried` for more.  Raises DatabaseUnreachable, without
    the password, where there is none, where it breaks, and where the database refuses to be written.
    """
    libpq, schema = without_schema(conninfo)
    stated = _stated(libpq)
    try:
        with Connection.connect(
            libpq, cursor_factory=_Cursor, prepare_threshold=None, connect_timeout=10
        ) as connection:
            connection.schema = schema
            _check_version(connection, stated)
            yield connection
    except QueryCanceled as error:
        raise DatabaseUnreachable(
            f"{_named(stated)}: {_first_line(error)}; is it busy, or locked by another?"
        ) from error
    except (OperationalError, InsufficientPrivilege, ReadOnlySqlTransaction) as error:
        raise DatabaseUnreachable(f"{_named(stated)}: {_first_line(error)}; check DATABASE_URL") from error


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


def takes_session_settings(conninfo: str) -> bool:
    """Whether a session can be given its schema when it begins; a pooler refuses that, or forgets it.

    Raises DatabaseUnreachable where there is no database.
    """
    libpq, schema = without_schema(conninfo)
    stated = _stated(libpq)
    try:
        with psycopg.connect(libpq, options=f"-c search_path={schema}", connect_timeout=10) as connection:
            return connection.execute("select current_setting('search_path')").fetchone() == (schema,)
    except OperationalError as error:
        if "unsupported startup parameter" in str(error):
            return False
        raise DatabaseUnreachable(f"{_named(stated)}: {_first_line(error)}; check DATABASE_URL") from error


def _stated(libpq: str) -> Mapping[str, Any]:
    """What a connection string says.  Where it can't be read nothing of it is told: it may hold a password anywhere."""
    try:
        return conninfo_to_dict(libpq)
    except psycopg.ProgrammingError as error:
        said = str(error).strip()
        known = f"{said}; " if said.startswith("invalid URI query parameter") and libpq.count("@") < 2 else ""
        expected = "expected postgresql://user:password@host:5432/name, with %40 for an @ in the password"
        raise DatabaseUnreachable(f"DATABASE_URL can't be read: {known}{expected}") from None


def _named(stated: Mapping[str, Any]) -> str:
    """A database as it may be told: without user and password."""
    where = stated.get("host") or stated.get("hostaddr") or "this machine"
    port = f":{stated['port']}" if stated.get("port") else ""
    return f'database "{stated.get("dbname") or stated.get("user") or ""}" at {where}{port}'


def _check_version(connection: Connection, stated: Mapping[str, Any]) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        raise DatabaseUnreachable(f"{_named(stated)}: PostgreSQL {version}; expected {OLDEST} or newer")


def _is_idle(conninfo: str) -> bool:
    """Whether nobody but us is connected, as a psql prompt is; a server that can't be asked serves nobody."""
    try:
        with connect(conninfo) as connection:
            return not rows(connection, "other_sessions", _Session)
    except (DatabaseUnreachable, Error):
        return True


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


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
