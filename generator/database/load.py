"""Load a dump into a database in one transaction, with statements before and after it: all of it or nothing.

pg_restore turns the dump into statements and rows, which psql runs.  psql gets the commit last of all, once pg_restore
has ended well: a kill before that leaves the database as it was.  (On its own, psql takes the end of a broken-off
stream of rows for the end of the table, and would commit.)
"""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from generator import processes
from generator.database import db, programs
from generator.errors import BuildError

_BEGIN = b"begin;\nset local statement_timeout = 0;\nset local idle_in_transaction_session_timeout = 0;\n"
# A newer pg_restore writes this for servers that don't know the setting; 0 is the default, so it can be left out.
_TOO_NEW = b"SET transaction_timeout = 0;\n"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Script:
    """The SQL that psql runs in the same transaction, before and after the dump."""

    before: str = ""
    after: str = ""


def load(conninfo: str, dump: Path, script: Script, options: Sequence[str] = ()) -> None:
    """Load a dump.  Raises BuildError where a statement fails or the dump can't be read; then nothing is changed."""
    with db.connect(conninfo) as connection:
        version = connection.info.server_version // 10000
    environment = programs.environment(conninfo)
    psql = [str(programs.find("psql", version)), "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"]
    pg_restore = [str(programs.find("pg_restore", version)), *options, "--file=-", str(dump)]
    with tempfile.TemporaryFile() as load_errors, tempfile.TemporaryFile() as dump_errors:
        with (
            processes.running(pg_restore, stdout=subprocess.PIPE, stderr=dump_errors, env=environment) as restoring,
            processes.running(
                psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=load_errors, env=environment
            ) as loading,
        ):
            assert restoring.stdout is not None  # noqa: S101 (a pipe, as asked for)
            assert loading.stdin is not None  # noqa: S101
            _feed(restoring, restoring.stdout, loading.stdin, script)
        _check(dump, loading.returncode, load_errors, environment)
        _check(dump, restoring.returncode, dump_errors, environment)


def _feed(
    restoring: "subprocess.Popen[bytes]",
    statements: IO[bytes],
    prompt: IO[bytes],
    script: Script,
) -> None:
    try:
        prompt.write(_BEGIN + script.before.encode() + b"\n")
        prompt.write(statements.read(_CHUNK).replace(_TOO_NEW, b""))
        shutil.copyfileobj(statements, prompt, _CHUNK)
        if restoring.wait() == 0:
            prompt.write(b"\n" + script.after.encode() + b"\ncommit;\n")
        prompt.close()
    except BrokenPipeError:  # psql has stopped at an error, which it reports
        restoring.terminate()
        with suppress(BrokenPipeError):
            prompt.close()


def _check(dump: Path, status: int, said: IO[bytes], environment: Mapping[str, str]) -> None:
    said.seek(0)
    problem = programs.complaint(said.read(), environment)
    if status:
        raise BuildError(f"{dump}: {problem or f'a program ended with {status}'}; nothing was changed")
