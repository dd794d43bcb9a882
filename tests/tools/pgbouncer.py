"""A real PgBouncer in transaction mode for the tests: Debian's package, installed where we may.

Run as a program (`python -m tests.tools.pgbouncer`), it installs PgBouncer; where that fails it still exits with
status 0, and the tests that need it are skipped and say so.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

_SETTINGS = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
query_wait_timeout = 60
logfile = {folder}/log
pidfile = {folder}/pid
"""


def program() -> str | None:
    """PgBouncer, or None where there is none."""
    return shutil.which("pgbouncer") or next((path for path in ("/usr/sbin/pgbouncer",) if Path(path).exists()), None)


def ensure() -> None:
    """Install PgBouncer where it is missing, if we are root; say so where that fails."""
    if program() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write("Installing PgBouncer for the tests ...\n")
        _quietly("update")
        _quietly("install", "-y", "--no-install-recommends", "pgbouncer")
    if program() is None:
        sys.stdout.write("No PgBouncer: the tests through a pooler will be skipped.\n")


def _quietly(*arguments: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], check=False, capture_output=True, env=environment)


@contextmanager
def pooler(server_url: str, servers: int = 1) -> Iterator[str]:
    """The connection string of a pooler with `servers` connections to the database `postgres` of a server."""
    folder = Path(tempfile.mkdtemp(prefix="cloudgpus-pgbouncer-"))
    port = _free_port()
    stated = conninfo_to_dict(server_url)
    server = " ".join(f"{name}={stated[name]}" for name in ("host", "port", "user") if stated.get(name))
    settings = folder / "pgbouncer.ini"
    settings.write_text(_SETTINGS.format(server=server, port=port, folder=folder, servers=servers))
    command = [str(program()), str(settings)]
    if os.geteuid() == 0:  # PgBouncer refuses to run as root, and the server's socket belongs to its owner
        host = str(stated.get("host") or "")
        owner = Path(host).stat().st_uid if host.startswith("/") else pwd.getpwnam("nobody").pw_uid
        os.chown(folder, owner, -1)
        command[1:1] = ["-u", pwd.getpwuid(owner).pw_name]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, folder)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, folder: Path) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError((folder / "log").read_text() if (folder / "log").exists() else "pgbouncer does not start")


if __name__ == "__main__":
    ensure()
