"""PostgreSQL, embedded or given: connections, and named queries into typed rows.  The only user of psycopg.

A query is a file in `sql/queries/`; its name is the file's.  Rows are dataclasses built by field name.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from urllib.parse import unquote

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import InsufficientPrivilege, OperationalError, ReadOnlySqlTransaction
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from generator import embedded
from generator.errors import DatabaseUnreachable
from generator.settings import ROOT, Settings

Connection = psycopg.Connection[Any]
Error = psycopg.Error
Row = TypeVar("Row")

SCHEMA = "cloudgpus"
QUERIES = ROOT / "sql" / "queries"
OLDEST = 15  # the oldest PostgreSQL that has all the migrations use
_SESSION = "-c search_path={schema},public -c timezone=UTC -c client_min_messages=warning"


@dataclass(frozen=True, slots=True)
class _Session:
    pid: int


def url(settings: Settings) -> str:
    """The connection string of the database in use; starts the embedded server where none is given."""
    return settings.database_url or embedded.url(settings.data_dir / "postgres", _is_idle)


def without_schema(conninfo: str) -> tuple[str, str]:
    """A connection URI without its `schema` parameter (which libpq refuses), and that schema."""
    if "://" not in conninfo:
        return conninfo, SCHEMA
    address, _, query = conninfo.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    schemas = [unquote(value) for name, _, value in pairs if name == "schema"]
    kept = "&".join("".join(pair) for pair in pairs if pair[0] != "schema")
    return f"{address}?{kept}" if kept else address, schemas[0] if schemas else SCHEMA


@contextmanager
def connect(conninfo: str) -> Iterator[Connection]:
    """A connection; commits at the end of the block, rolls back on an exception.  Times are UTC.

    Raises DatabaseUnreachable, without the password, where there is none, where it breaks, and where the database
    refuses to be written.
    """
    libpq, schema = without_schema(conninfo)
    stated = _stated(libpq)
    options = f"{stated.get('options') or ''} {_SESSION.format(schema=schema)}"
    try:
        with psycopg.connect(libpq, options=options, connect_timeout=10) as connection:
            _check_version(connection, stated)
            yield connection
    except (OperationalError, InsufficientPrivilege, ReadOnlySqlTransaction) as error:
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
    """Whether nobody but us is connected: a psql prompt, for instance."""
    with connect(conninfo) as connection:
        return not rows(connection, "other_sessions", _Session)


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
