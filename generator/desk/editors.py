"""Editors: who may write and review, and how they prove who they are."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from generator.database import db
from generator.desk.acting import Refused, acting, last_seq

Role = Literal["editor", "reviewer", "admin"]
ROLES = ("editor", "reviewer", "admin")
SHORTEST = 12
"""Characters of a password, at least."""

_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who may write (editor), approve (reviewer), or also manage editors (admin), while active."""

    id: int
    name: str
    role: Role
    public_name: str
    profile_url: str
    password_hash: str | None
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _May:
    may: bool


def editors(connection: db.Connection) -> list[Editor]:
    """Everybody who may write or review, or may no longer, by name."""
    return db.rows(connection, "editors", Editor)


def add_editor(
    connection: db.Connection,
    name: str,
    role: Role,
    *,
    actor: str,
    at: datetime,
    public_name: str = "",
    profile_url: str = "",
    password: str | None = None,
) -> int:
    """Add an editor, or change one; the number of the audit row.

    Raises Refused unless an active admin asks for it, or there is none, and for a login that is not the owner's.
    """
    with acting(connection, actor, at, "add editor", f"editor {name}"):
        _require_admin(connection, actor)
        if role not in ROLES or not name.strip() or name != name.strip() or name in {"ci", "build"}:
            raise Refused(
                f'editors: found "{name}" as {role}; expected a person\'s name, and one of {", ".join(ROLES)}'
            )
        db.execute(
            connection,
            "save_editor",
            editor=name,
            role=role,
            public_name=public_name,
            profile_url=profile_url,
            password_hash=None if password is None else _hashed(password),
        )
        return last_seq(connection)


def set_password(connection: db.Connection, name: str, password: str, *, actor: str, at: datetime) -> int:
    """Change a password: one's own, or as an admin anybody's."""
    with acting(connection, actor, at, "password", f"editor {name}"):
        _require_owner(connection)
        if actor != name:
            _require_admin(connection, actor)
        if not db.execute(connection, "save_editor_password", editor=name, password_hash=_hashed(password)):
            raise Refused(f'editors: no active editor is called "{name}"')
        return last_seq(connection)


def deactivate(connection: db.Connection, name: str, *, actor: str, at: datetime) -> int:
    """Let an editor do nothing any more; the name stays on what was done."""
    with acting(connection, actor, at, "deactivate", f"editor {name}"):
        _require_admin(connection, actor)
        if not db.execute(connection, "deactivate_editor", editor=name):
            raise Refused(f'editors: no active editor is called "{name}"')
        return last_seq(connection)


def editor_of(connection: db.Connection, name: str, password: str) -> Editor | None:
    """The active editor of this name and password; None for a wrong one, which takes as long for an unknown name."""
    found = next((one for one in editors(connection) if one.name == name and one.is_active), None)
    hashed = found.password_hash if found and found.password_hash else _nobodys()
    try:
        _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return None
    return found if found and found.password_hash else None


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _hashed(password: str) -> str:
    if len(password) < SHORTEST:
        raise Refused(f"a password of {len(password)} characters; expected at least {SHORTEST}")
    return _HASHER.hash(password)


def _require_owner(connection: db.Connection) -> None:
    """Require the login of the database's owner: which of its people uses a group's login, nobody can tell there."""
    if not db.rows(connection, "may_manage_editors", _May)[0].may:
        raise Refused("editors: this login only lists them; expected that of the database's owner (DATABASE_URL)")


def _require_admin(connection: db.Connection, actor: str) -> None:
    """Require an active admin; while there is none, whoever has the database may make one."""
    _require_owner(connection)
    admins = {one.name for one in editors(connection) if one.is_active and one.role == "admin"}
    if admins and actor not in admins:
        raise Refused(f'editors: "{actor}" is no active admin; expected one of {", ".join(sorted(admins))}')
