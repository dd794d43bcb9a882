"""Files in a folder that others may write to, on a disk that may lose power.

Nothing here follows a link, to read or to write; what was synced survives a power cut.
"""

import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import xxhash

from generator.errors import OutputUnwritable

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_MOST = 1 << 28  # bytes: no file of a site comes near, and a planted one can't fill the memory
_ABSENT = {errno.ENOSYS, errno.EPERM}  # an old kernel, or a sandbox that refuses


def read(file: Path | str, at_most: int = _MOST) -> bytes | None:
    """The bytes of a plain file; None where there is none that can be read, a link, or more than `at_most` bytes."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        size = os.fstat(descriptor).st_size
        return os.read(descriptor, size) if size <= at_most else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def hashed(data: bytes) -> str:
    """The hash of a file's bytes, as the manifest lists it."""
    return xxhash.xxh3_128_hexdigest(data)


def write(file: Path | str, data: bytes) -> None:
    """Write a new file.  Raises FileExistsError where there is one, or a link."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def replace(file: Path, data: bytes) -> None:
    """Write a small file of the builds' own atomically: after a crash it is the new one or the old one, whole."""
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    write(new, data)
    _fsync(new)
    new.replace(file)
    _fsync(file.parent)


def sync(folder: Path) -> None:
    """Wait until all that was written to the folder's file system is on the disk.

    Only Linux can sync a single file system; elsewhere all of them are synced.
    """
    syncfs = _syncfs()
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        number = syncfs(descriptor)
    finally:
        os.close(descriptor)
    if number in _ABSENT:
        os.sync()
    elif number:
        raise OSError(number, os.strerror(number), str(folder))


def boot() -> str:
    """The ID of the machine's current boot; "unknown" where the system does not tell."""
    return _BOOT_ID.read_text("ascii").strip() if _BOOT_ID.exists() else "unknown"


@contextmanager
def explained(folder: Path, advice: str) -> Iterator[None]:
    """Turn an OSError into one line: which file, why, and what to do."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
        raise OutputUnwritable(f"{error.filename or folder}: {reason}; {advice}") from None


_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.ELOOP: "a link, which no build makes; remove it",
}


def _fsync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _syncfs() -> Callable[[int], int]:
    """The system's syncfs(), which returns 0 or an error number."""
    try:
        found = ctypes.CDLL(None, use_errno=True).syncfs
    except AttributeError:
        return lambda _descriptor: errno.ENOSYS
    return lambda descriptor: ctypes.get_errno() if found(descriptor) else 0
