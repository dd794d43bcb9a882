"""Rows of the audit log for what changes no text: logins, decisions on prices and names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.database import db


@dataclass(frozen=True, slots=True)
class _Noted:
    seq: int


def note(
    connection: db.Connection, actor: str, action: str, object_: str, detail: Mapping[str, object], at: datetime
) -> int:
    """Write a row; its number."""
    stated = {"actor": actor, "action": action, "object": object_, "detail": db.json(dict(detail)), "at": at}
    return db.rows(connection, "audit_note", _Noted, **stated)[0].seq
