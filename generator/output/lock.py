"""One build at a time: a lock on the output folder that ends with the process that holds it."""

import fcntl
import os
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import BuildRunning
from generator.output import disk

LOCK = ".lock"
_WAIT, _WAITS = 0.05, 100  # seconds, and how often: the processes that a killed build has forked end soon after it


class Lock:
    """The lock of a folder; its file names the holder and is there only while it is held.

    `was_left` says, once it is held, whether its last holder was killed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / LOCK
        self.was_left = False
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise BuildRunning naming its holder; OSError where the folder can't be written."""
        waits = 0
        while self._descriptor is None:
            descriptor = os.open(
                self.file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644
            )
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                if waits == _WAITS or not self._is_holder_gone():
                    raise BuildRunning(self._held()) from None
                waits += 1
                time.sleep(_WAIT)
            else:
                self._take(descriptor)

    def release(self) -> None:
        """Release the lock; its file is removed first, so that whoever waits for it sees that it was replaced."""
        if self._descriptor is not None:
            self.file.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, descriptor: int) -> None:
        """Hold the lock if its file is new; any other was left by a dead process or planted, and is removed."""
        if self._is_at_its_path(descriptor):
            if _is_new(os.fstat(descriptor)):
                os.write(descriptor, f"{os.getpid()}\n".encode())
                self._descriptor = descriptor
                return
            self.was_left = True
            self.file.unlink()
        os.close(descriptor)

    def _is_at_its_path(self, descriptor: int) -> bool:
        """Whether the file we locked is still the one at its path: its last holder may have removed it meanwhile."""
        try:
            return os.path.samestat(self.file.lstat(), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _is_holder_gone(self) -> bool:
        """Whether the process that took the lock has ended, and only those that it has forked still hold it."""
        try:
            os.kill(int(self._holder()), 0)
        except (ValueError, OverflowError, PermissionError):
            return False
        except ProcessLookupError:
            return True
        return False

    def _holder(self) -> str:
        """The number of the process that took the lock, as its file has it."""
        return (disk.read(self.file, 20) or b"").decode("ascii", "replace").strip()

    def _held(self) -> str:
        pid = self._holder()
        try:
            since = datetime.fromtimestamp(self.file.lstat().st_mtime, UTC)
        except FileNotFoundError:
            return f"{self.folder}: another build was running there a moment ago; try again"
        holder = f"pid {pid if pid.isdigit() else 'unknown'}, since {since:%Y-%m-%d %H:%M:%S} UTC"
        return f"{self.folder}: another build is running there ({holder})"


def _is_new(file: os.stat_result) -> bool:
    """Whether a file is as a new lock is: plain, empty, and without another hard link."""
    return stat.S_ISREG(file.st_mode) and not file.st_size and file.st_nlink == 1
