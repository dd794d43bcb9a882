"""A small catalogue, a market, and servers of older PostgreSQL versions, where the machine has them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from generator.database import db, embedded, runs
from tests.sql.samples import START, add_gpu, add_instance, add_provider, one

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def catalogue(connection: db.Connection) -> db.Connection:
    """One GPU (h100-sxm), one provider (nimbus), one run (1)."""
    add_gpu(connection)
    add_provider(connection)
    runs.start(connection, START, "live", "v1")
    connection.commit()
    return connection


@pytest.fixture
def market(connection: db.Connection) -> Callable[..., UUID]:
    """A function that adds a provider's instance of one GPU."""
    h100 = add_gpu(connection)
    ids: dict[str, UUID] = {}

    def sell(provider: str, price: Any = None, gpu: UUID = h100, **columns: Any) -> UUID:
        ids[provider] = ids.get(provider) or add_provider(connection, provider)
        columns = {"instance_type": str(one(connection, "select count(*) from instances")), **columns}
        return add_instance(connection, ids[provider], gpu, price_per_hour=price, **columns)

    return sell


@pytest.fixture(scope="session")
def postgres_15() -> Iterator[str]:
    """The connection string of a PostgreSQL 15."""
    if not (POSTGRES_15 / "initdb").exists():
        pytest.skip("no PostgreSQL 15 on this machine")
    with server(POSTGRES_15) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_16() -> Iterator[str]:
    """The connection string of the PostgreSQL 16 that comes with the embedded 18."""
    programs = embedded.program("postgres").parents[2] / "pginstall" / "bin"
    if not (programs / "initdb").exists():
        pytest.skip("the wheel of the embedded PostgreSQL brings no PostgreSQL 16")
    with server(programs) as url:
        yield url


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """The connection string of a server run from these programs, as another user where we are root."""
    account = _account() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="cloudgpus-pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    as_user: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [programs / program, "-D", folder / "data", *arguments]
        who = as_user if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)

    run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    run(
        "pg_ctl", "--wait", "-l", str(folder / "log"), "-o", f"-c listen_addresses='' -k {folder} -c fsync=off", "start"
    )
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "--wait", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd:
    """An account other than root's, as which PostgreSQL refuses to run."""
    for name in ("postgres", "pgserver", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("no account to run PostgreSQL as")
