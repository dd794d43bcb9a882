"""Who is logged in, and which forms they were shown: kept here, so that a cookie is a random name and nothing else.

A session ends after an hour without a request and after twelve in any case, and with the app.  Its name changes every
fifty requests, so that one that leaks is soon worth nothing; the former one is good for ten seconds more, for requests
under way.  A form's token belongs to the session and is good for one use.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

IDLE, AT_MOST = timedelta(hours=1), timedelta(hours=12)
_ROTATED_AFTER = 50  # requests
_GRACE = timedelta(seconds=10)
_FORMS = 400  # of a session; an older one is forgotten


@dataclass(slots=True)
class Session:
    """One login.  `opened` are the drafts looked at, by slug and number; `said` is shown on the next page."""

    actor: str
    began_at: datetime
    seen_at: datetime
    requests_n: int = 0
    said: str = ""
    forms: dict[str, datetime] = field(default_factory=dict)
    opened: set[tuple[str, int]] = field(default_factory=set)

    def new_form(self, at: datetime) -> str:
        """A token for the forms of a page that is being shown."""
        token = secrets.token_urlsafe(24)
        self.forms[token] = at
        while len(self.forms) > _FORMS:
            self.forms.pop(next(iter(self.forms)), None)
        return token

    def use_form(self, token: str) -> datetime | None:
        """When the form was shown; None for one that this session was not shown, or that was sent before."""
        return self.forms.pop(token, None)

    def is_over(self, at: datetime) -> bool:
        """Whether it has to log in again."""
        return at - self.seen_at > IDLE or at - self.began_at > AT_MOST


class Sessions:
    """The sessions by the hash of their names: what is in memory opens none."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._last_uses: dict[str, datetime] = {}
        self._lock = Lock()

    def begin(self, actor: str, at: datetime) -> str:
        """Begin a session, under a name that nobody had before; return the name."""
        with self._lock:
            self._forget(at)
            return self._named(Session(actor, at, at))

    def find(self, name: str, at: datetime) -> Session | None:
        """The session of a cookie; None for a forged one and for one that is over."""
        with self._lock:
            self._forget(at)
            found = self._sessions.get(_hash(name))
            if found:
                found.seen_at, found.requests_n = at, found.requests_n + 1
            return found

    def rotated(self, name: str, at: datetime) -> str | None:
        """The session's new name, where it is time for one."""
        with self._lock:
            key = _hash(name)
            found = self._sessions.get(key)
            if found is None or found.requests_n < _ROTATED_AFTER or key in self._last_uses:
                return None
            self._last_uses[key] = at + _GRACE
            found.requests_n = 0
            return self._named(found)

    def end(self, session: Session) -> None:
        """End a session, whatever it is called."""
        with self._lock:
            self._drop([key for key, one in self._sessions.items() if one is session])

    def end_all_of(self, actor: str) -> None:
        """End every session of an editor."""
        with self._lock:
            self._drop([key for key, one in self._sessions.items() if one.actor == actor])

    def _named(self, session: Session) -> str:
        name = secrets.token_urlsafe(32)
        self._sessions[_hash(name)] = session
        return name

    def _forget(self, at: datetime) -> None:
        over = [key for key, one in self._sessions.items() if one.is_over(at)]
        self._drop(over + [key for key, until in self._last_uses.items() if at > until])

    def _drop(self, keys: list[str]) -> None:
        for key in keys:
            self._sessions.pop(key, None)
            self._last_uses.pop(key, None)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
