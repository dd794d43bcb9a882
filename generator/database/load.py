"""A dump into a database in one transaction: all of it, with what goes before and after it, or nothing.

psql takes the statements and rows that pg_restore makes of the dump.  The commit is handed to it last of all, once
pg_restore ended well: whatever is killed before leaves the database as it was.  (psql by itself takes the end of a
broken-off stream of rows for the end of the table, and would commit.)
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
# A newer pg_restore says this to servers that don't know the setting yet; it is pg_restore's own default.
_TOO_NEW = b"SET transaction_timeout = 0;\n"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Script:
    """What psql runs in the same transaction, before and after the dump."""

    before: str = ""
    after: str = ""


def load(conninfo: str, dump: Path, script: Script, options: Sequence[str] = ()) -> None:
    """Load a dump.  Raises BuildError, and changes nothing, where a statement fails or the dump can't be read."""
    with db.connect(conninfo) as connection:
        version = connection.info.server_version // 10000
    environment = programs.environment(conninfo)
    psql = [str(programs.find("psql", version)), "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"]
    restore = [str(programs.find("pg_restore", version)), *options, "--file=-", str(dump)]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as read_problem:
        with (
            processes.running(restore, stdout=subprocess.PIPE, stderr=read_problem, env=environment) as reader,
            processes.running(
                psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=environment
            ) as writer,
        ):
            assert reader.stdout is not None  # noqa: S101 (a pipe, as asked for)
            assert writer.stdin is not None  # noqa: S101
            _feed(reader, reader.stdout, writer.stdin, script)
        _check(dump, writer.returncode, said, environment)
        _check(dump, reader.returncode, read_problem, environment)


def _feed(
    reader: "subprocess.Popen[bytes]",
    statements: IO[bytes],
    prompt: IO[bytes],
    script: Script,
) -> None:
    try:
        prompt.write(_BEGIN + script.before.encode() + b"\n")
        prompt.write(statements.read(_CHUNK).replace(_TOO_NEW, b""))
        shutil.copyfileobj(statements, prompt, _CHUNK)
        if reader.wait() == 0:
            prompt.write(b"\n" + script.after.encode() + b"\ncommit;\n")
        prompt.close()
    except BrokenPipeError:  # psql has stopped at an error, and says which
        reader.terminate()
        with suppress(BrokenPipeError):
            prompt.close()


def _check(dump: Path, status: int, said: IO[bytes], environment: Mapping[str, str]) -> None:
    said.seek(0)
    problem = programs.complaint(said.read(), environment)
    if status:
        raise BuildError(f"{dump}: {problem or f'a program ended with {status}'}; nothing was changed")
