"""A small catalogue, and a server of the oldest PostgreSQL that is supported, where the machine has one."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import db, store
from tests.sql.samples import START, add_gpu, add_provider

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def catalogue(connection: db.Connection) -> db.Connection:
    """One GPU (h100-sxm), one provider (nimbus), one run (1)."""
    add_gpu(connection)
    add_provider(connection)
    store.start_run(connection, START, "live", "v1")
    connection.commit()
    return connection


@pytest.fixture(scope="session")
def postgres_15() -> Iterator[str]:
    """The connection string of a PostgreSQL 15, on a socket of its own."""
    if not (POSTGRES_15 / "initdb").exists():
        pytest.skip("no PostgreSQL 15 on this machine")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="cloudgpus-pg15-"))
    if os.geteuid() == 0:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        command = [POSTGRES_15 / program, "-D", folder / "data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)

    run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")
    run(
        "pg_ctl", "--wait", "-l", str(folder / "log"), "-o", f"-c listen_addresses='' -k {folder} -c fsync=off", "start"
    )
    yield f"postgresql://postgres@/postgres?host={folder}"
    run("pg_ctl", "--wait", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)
