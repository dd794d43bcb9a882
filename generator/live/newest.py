"""Whether the database has changed: its newest run and moved slice, asked for over a connection that is kept."""

from contextlib import ExitStack
from dataclasses import dataclass

from generator.database import db
from generator.errors import DatabaseUnreachable


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest finished run, and the newest slice that a writer has moved."""

    run: int | None
    moved: int | None


class Asking:
    """Asks for the newest changes, and connects again after the server was away."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opened = ExitStack()
        self._connection: db.Connection | None = None

    def newest(self) -> Newest | None:
        """The newest changes; None where the database can't be asked."""
        try:
            return self._asked()
        except (db.Error, DatabaseUnreachable):
            self._connection = None
            return None

    def _asked(self) -> Newest:
        if self._connection is None:
            self._opened = ExitStack()
            self._connection = self._opened.enter_context(db.connect(self._address))
        (found,) = db.rows(self._connection, "newest_changes", Newest)
        self._connection.rollback()  # an open transaction would hold vacuum back
        return found
