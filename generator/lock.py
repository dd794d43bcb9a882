"""One build at a time: a lock on the output folder that ends with the process that holds it."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import BuildRunning

LOCK = ".lock"


class Lock:
    """The lock of a folder; its file names the holder and is there only while it is held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / LOCK
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise BuildRunning naming its holder; OSError where the folder can't be written."""
        while self._descriptor is None:
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise BuildRunning(self._held()) from None
            if self._is_ours(descriptor):
                self._descriptor = descriptor
                os.truncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
            else:
                os.close(descriptor)

    def release(self) -> None:
        """Give the lock up; the file goes first, so that whoever waits for it sees that it was replaced."""
        if self._descriptor is not None:
            self.file.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def _is_ours(self, descriptor: int) -> bool:
        """Whether the file we locked is still the one at its path: its last holder may have removed it meanwhile."""
        try:
            return os.path.samestat(self.file.stat(), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _held(self) -> str:
        try:
            pid = self.file.read_text("ascii", "replace").strip() or "unknown"
            since = datetime.fromtimestamp(self.file.stat().st_mtime, UTC)
        except FileNotFoundError:
            return f"{self.folder}: another build was running there a moment ago; try again"
        return f"{self.folder}: another build is running there (pid {pid}, since {since:%Y-%m-%d %H:%M:%S} UTC)"
