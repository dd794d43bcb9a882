"""PostgreSQL's own programs (pg_dump, pg_restore, psql), at least as new as the server that they talk to.

They come from the wheel, or from PATH where the server is newer.  They get the server's address through the
environment, since everybody on the machine can see a command line with the password in it.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from psycopg.conninfo import make_conninfo

from generator import processes, settings
from generator.database import db, embedded
from generator.database.conninfo import read, without_secrets
from generator.errors import BuildError, DatabaseUnreachable

# Connection parameters whose environment variable is not PG followed by the parameter's name.
_VARIABLES = {
    "dbname": "PGDATABASE",
    "application_name": "PGAPPNAME",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
}
_NOTHING: Mapping[str, str] = {}
_TROUBLE = re.compile(r"\b(error|fatal|panic)\b:", re.IGNORECASE)  # clients write them in small letters, servers don't


def find(name: str, server_version: int) -> Path:
    """A program for a server of a version, such as 18.  Raises BuildError where none is new enough."""
    found = [(path, _version(path)) for path in _candidates(name)]
    for path, version in found:
        if version >= server_version:
            return path
    have = ", ".join(f"{version} at {path}" for path, version in found) or "none"
    raise BuildError(
        f"{name}: the server is PostgreSQL {server_version}; found {have}; "
        f"put the {name} of PostgreSQL {server_version} or newer on PATH"
    )


def environment(conninfo: str) -> dict[str, str]:
    """The environment in which a program finds the database of a connection string.

    Raises DatabaseUnreachable where the string can't be read.
    """
    stated = read(db.without_schema(conninfo)[0])
    named = {_VARIABLES.get(name, f"PG{name.upper()}"): str(value) for name, value in stated.items()}
    return {**settings.for_programs(), "LC_MESSAGES": "C", **named}


def of_database(conninfo: str, name: str) -> str:
    """The connection string of another database on the same server."""
    return make_conninfo(db.without_schema(conninfo)[0], dbname=name)


def run(program: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a program; return what it printed.  Raises BuildError with its error message."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    finished = processes.run([program, *arguments], env=environment, **pipes)
    if finished.returncode:
        said = complaint(finished.stderr, environment) or f"ended with {finished.returncode}"
        raise BuildError(f"{program.name}: {said}")
    printed: bytes = finished.stdout
    return printed.decode("utf-8", "replace")


def complaint(said: bytes, environment: Mapping[str, str] = _NOTHING) -> str:
    """The first line with an error, without the program's own name; else the last line.

    The password that the program had in its environment is masked.
    """
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    wrong = [line for line in lines if _TROUBLE.search(line)]
    text = (wrong or lines[-1:] or [""])[0]
    return without_secrets(_TROUBLE.split(text)[-1].strip() if wrong else text, environment.get("PGPASSWORD"))


def _candidates(name: str) -> list[Path]:
    try:
        own = [embedded.program(name)]
    except DatabaseUnreachable:  # the wheel is not installed: the machine's programs will do
        own = []
    on_path = shutil.which(name)
    return [path for path in (*own, Path(on_path) if on_path else None) if path is not None and path.exists()]


def _version(path: Path) -> int:
    said = subprocess.run(
        [path, "--version"], env=settings.for_programs(), check=False, capture_output=True, text=True
    ).stdout
    match = re.search(r"\) (\d+)", said)  # "pg_dump (PostgreSQL) 18.0"
    return int(match[1]) if match else 0
