"""Connection strings: parse them, and say in messages which database is meant without any part of a password.

A password with a plain @ or / in it, not %40 or %2F, spills into what is parsed as the host, the port or the database.
Where that may be so, no message repeats anything of the string.
"""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from generator.errors import DatabaseUnreachable

_EXPECTED = "expected postgresql://user:password@host:5432/name, with %40 for an @ in the password and %2F for a /"
_UNKNOWN = "invalid URI query parameter"
_SECRETS = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")


def read(libpq: str) -> Mapping[str, Any]:
    """The parameters in a connection string.  Raises DatabaseUnreachable where they can't be read with certainty."""
    try:
        stated = conninfo_to_dict(libpq)
    except psycopg.Error as error:
        # The name of an unknown parameter may be repeated, unless it can be the end of a password.
        is_known = str(error).startswith(_UNKNOWN) and "password" not in libpq and not _is_spilt(libpq, {})
        raise _unreadable(f"{str(error).strip()}; " if is_known else "") from None
    except UnicodeError:
        raise _unreadable() from None
    if _is_spilt(libpq, stated):
        raise _unreadable()
    return stated


def named(stated: Mapping[str, Any]) -> str:
    """A database as messages name it: without user and password."""
    where = stated.get("host") or stated.get("hostaddr") or "this machine"
    port = f":{stated['port']}" if stated.get("port") else ""
    database = f'database "{stated["dbname"]}"' if stated.get("dbname") else "the database"
    return f"{database} at {where}{port}"


def first_line(error: psycopg.Error, stated: Mapping[str, Any]) -> str:
    """The first line of an error from libpq or the server, without the passwords that were used."""
    used = error.pgconn.password.decode("utf-8", "replace") if error.pgconn and error.pgconn.password else ""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return without_secrets(lines[0], used, os.environ.get("PGPASSWORD", ""), *map(stated.get, _SECRETS))


def without_secrets(said: str, *secrets: str | None) -> str:
    """A message with *** in place of every secret, plain or percent-encoded."""
    spellings = {spelling for secret in secrets if secret for spelling in (secret, quote(secret, safe=""))}
    for spelling in sorted(spellings, key=len, reverse=True):
        said = said.replace(spelling, "***")
    return said


def _is_spilt(libpq: str, stated: Mapping[str, Any]) -> bool:
    """Whether a part of a password may have been parsed as the host, the port or the database."""
    before, _, after = libpq.partition("://")[2].partition("@")
    places = [str(stated.get(name) or "") for name in ("host", "hostaddr", "dbname")]
    ports = str(stated.get("port") or "").split(",")
    return (
        (bool(after) and ("/" in before or "@" in after))
        or any("@" in place or "://" in place for place in places)
        or not all(port == "" or (port.isdecimal() and int(port) < 2**16) for port in ports)
    )


def _unreadable(known: str = "") -> DatabaseUnreachable:
    return DatabaseUnreachable(f"DATABASE_URL can't be read: {known}{_EXPECTED}")
