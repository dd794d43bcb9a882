"""A request as the app's handlers see it, and the refusal with which they may answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from generator.database import db
from generator.desk.app.sessions import Session
from generator.desk.editors import Role

RIGHTS: Mapping[Role, int] = {"editor": 1, "reviewer": 2, "admin": 3}
_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_FIELDS = 500


class Refusal(Exception):
    """A request that is refused: the status, and a line that says why."""

    def __init__(self, status: int, line: str, *, wait: int = 0) -> None:
        super().__init__(line)
        self.status, self.line, self.wait = status, line, wait


@dataclass(frozen=True, slots=True)
class Raw:
    """A request as it came.  `cookie` is the session's name, "" for none."""

    method: str
    path: str
    query: str
    host: str
    origin: str
    fetch_site: str
    cookie: str
    body: bytes

    def require_own_host(self) -> None:
        """Refuse requests by other names: a page elsewhere whose name leads to this machine may not read the desk."""
        try:
            name = urlsplit(f"//{self.host}").hostname or ""
        except ValueError:
            name = ""
        if name not in _OWN_NAMES:
            raise Refusal(421, f"the desk does not go by the name {self.host[:80]!r}; expected 127.0.0.1 or localhost")

    def require_own_page(self) -> None:
        """Refuse forms that were sent from another site's page."""
        is_own = self.origin in {"", f"http://{self.host}"} and self.fetch_site in {"", "same-origin"}
        if not is_own:
            sender = self.origin or "another site"
            raise Refusal(403, f"this form was sent from {sender[:80]!r}; expected the desk's own page")

    def form(self) -> Mapping[str, Sequence[str]]:
        """The fields of the form in the body."""
        return _fields(self.body.decode("utf-8", "replace"))

    def asked_for(self) -> Mapping[str, Sequence[str]]:
        """The fields of the address."""
        return _fields(self.query)


def _fields(encoded: str) -> Mapping[str, Sequence[str]]:
    try:
        return parse_qs(encoded, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise Refusal(400, f"the form has more than {_FIELDS} fields") from None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody who is logged in and may ask it.  `shown_at`: when its form was shown to them."""

    actor: str
    role: Role
    session: Session
    connection: db.Connection
    at: datetime
    parts: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]]
    shown_at: datetime | None = None

    def may(self, role: Role) -> bool:
        """Whether they have the right of a role."""
        return RIGHTS[self.role] >= RIGHTS[role]

    def field(self, name: str, default: str = "") -> str:
        """A field of the form, without space around it."""
        return self.form.get(name, [default])[0].strip()

    def choice(self, name: str, default: str = "") -> str:
        """A field of the address."""
        return self.query.get(name, [default])[0]

    def number(self, name: str) -> int:
        """A whole number among the form's fields; refuses anything else."""
        stated = self.field(name)
        if not (stated.isascii() and stated.isdigit() and len(stated) < 10):
            raise Refusal(400, f"{name} {stated[:40]!r}: expected a number")
        return int(stated)

    def seconds(self) -> int:
        """How long they looked: as the page counted while it was visible, but no longer than since it was shown."""
        passed = int((self.at - self.shown_at).total_seconds()) if self.shown_at else 0
        stated = self.field("seconds")
        return min(int(stated), passed) if stated.isascii() and stated.isdigit() and len(stated) < 9 else passed
