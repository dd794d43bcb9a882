"""Failed logins slow down the next ones: those with the same name at once, all of them after many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

FREE, FREE_OVERALL = 3, 20  # mistakes that cost nothing
_LONGEST, _LONGEST_OVERALL = timedelta(minutes=15), timedelta(minutes=1)
_FORGIVEN_AFTER = timedelta(hours=1)
_NAMES = 1000  # at most this many are remembered: made-up ones shall not fill the memory
_ALL = "\0all"


@dataclass(slots=True)
class _Failures:
    count: int
    last_at: datetime
    until: datetime


class Throttle:
    """Counts failures by name and overall; the wait doubles with each further one."""

    def __init__(self) -> None:
        self._failures: dict[str, _Failures] = {}
        self._lock = Lock()

    def wait(self, name: str, at: datetime) -> int:
        """For how many seconds a login with this name is refused without a look at the password; 0 for none."""
        with self._lock:
            found = [self._failures.get(key) for key in (_key(name), _ALL)]
            left = [(one.until - at).total_seconds() for one in found if one]
            return max(0, *(round(seconds + 0.5) for seconds in left if seconds > 0), 0)

    def failed(self, name: str, at: datetime) -> None:
        """Count a failure."""
        with self._lock:
            self._count(_key(name), at, FREE, _LONGEST)
            self._count(_ALL, at, FREE_OVERALL, _LONGEST_OVERALL)
            while len(self._failures) > _NAMES:
                oldest = min(
                    (key for key in self._failures if key != _ALL), key=lambda key: self._failures[key].last_at
                )
                del self._failures[oldest]

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name, not those overall: one good login does not open the door to guesses."""
        with self._lock:
            self._failures.pop(_key(name), None)

    def _count(self, key: str, at: datetime, free: int, longest: timedelta) -> None:
        before = self._failures.get(key)
        count = 1 if before is None or at - before.last_at > _FORGIVEN_AFTER else before.count + 1
        over = count - free
        pause = min(timedelta(seconds=2 ** min(over, 12)), longest) if over > 0 else timedelta()
        self._failures[key] = _Failures(count, at, at + pause)


def _key(name: str) -> str:
    return name.casefold()[:200]
