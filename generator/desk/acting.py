"""Acting on the desk: one transaction for each action, who acts noted in it, and an audit row for what is refused.

The rules are the database's own (sql/functions/check_review.sql and its neighbours), so that they hold for psql, too;
what they refuse arrives here as an error with a line for people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from generator.database import db
from generator.errors import BuildError


class Refused(BuildError):
    """The desk's rules don't allow it: who, what was found, what was expected."""


@dataclass(frozen=True, slots=True)
class _Seq:
    seq: int


@contextmanager
def acting(connection: db.Connection, actor: str, at: datetime, action: str, target: str) -> Iterator[None]:
    """A transaction in which `actor` does something to `target` (a page's slug, or "editor jo") at a time (UTC).

    Raises Refused, after writing that into the audit log, where a rule or a grant of the database or the block itself
    refuses it; then nothing else of the block was written.
    """
    try:
        with connection.transaction():
            db.execute(connection, "desk_actor", actor=actor, at=at.isoformat())
            yield
    except db.Forbidden as error:
        refused = Refused(db.said(error))
    except Refused as error:
        refused = error
    else:
        return
    note_refusal(connection, actor, at, action, target, refused.message)
    raise refused from None


def note_refusal(connection: db.Connection, actor: str, at: datetime, action: str, target: str, reason: str) -> int:
    """Write into the audit log that something was refused, in a transaction of its own; the row's number."""
    noted = {"actor": actor, "at": at, "action": action, "target": target, "reason": reason}
    if db.is_idle(connection):
        with connection.transaction():
            return db.rows(connection, "save_refusal", _Seq, **noted)[0].seq
    try:
        # The transaction around this one may be rolled back.
        with db.another(connection) as other:
            other.patience = "2s"
            return db.rows(other, "save_refusal", _Seq, **noted)[0].seq
    except db.Error:  # this transaction holds the end of the log
        return db.rows(connection, "save_refusal", _Seq, **noted)[0].seq


def last_seq(connection: db.Connection) -> int:
    """The number of the newest audit row, which is this transaction's own once it has written one; 0 for none."""
    return db.rows(connection, "audit_seq", _Seq)[0].seq
