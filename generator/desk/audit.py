"""The audit log: every change of the desk's tables and every refusal, in rows chained by their hashes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generator.database import clocks, db


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log.  `object` is "guides/spot@3", a page, or "editor jo"; the hashes are of texts or an editor."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    before_hash: str | None
    after_hash: str | None
    detail: dict[str, Any]
    prev_hash: str
    this_hash: str


@dataclass(frozen=True, slots=True)
class _Line:
    seq: int
    line: str
    prev_hash: str
    this_hash: str


@dataclass(frozen=True, slots=True)
class _Head:
    this_hash: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Changed:
    slug: str
    number: int


def audit(connection: db.Connection, target: str | None = None) -> list[Entry]:
    """The log, or what it says of a page or of "editor jo", oldest first."""
    return db.rows(connection, "audit_entries", Entry, target=target)


def verify(connection: db.Connection, head: str | None = None) -> list[str]:
    """What is wrong with the log, a line each: a changed or missing row, a broken chain, a cut end, a changed revision.

    The end is compared with `head`, the hash of a row that was there once, and with those that builds recorded.
    """
    lines = db.rows(connection, "audit_lines", _Line)
    return [
        *_chain_problems(lines),
        *_cut_problems(connection, {line.this_hash for line in lines}, head),
        *(
            f"{one.slug}: revision {one.number} is not as it was logged"
            for one in db.rows(connection, "audit_changed_revisions", _Changed)
        ),
    ]


def _chain_problems(lines: Sequence[_Line]) -> Iterator[str]:
    before = _Line(0, "", "", "")
    for line in lines:
        if line.seq != before.seq + 1:
            yield f"row {line.seq} follows row {before.seq}: rows between them are missing"
        elif line.prev_hash != before.this_hash:
            yield f"row {line.seq} is not chained to row {before.seq}"
        if hashlib.sha256(f"{line.prev_hash}{line.line}".encode()).hexdigest() != line.this_hash:
            yield f"row {line.seq} was changed: its hash is of another content"
        before = line


def _cut_problems(connection: db.Connection, known: set[str], head: str | None) -> Iterator[str]:
    if head is not None and head not in known:
        yield f"no row has the hash {head[:12]}, which was once the last: the log was cut or written anew"
    lost = [one for one in db.rows(connection, "audit_heads", _Head) if one.this_hash not in known]
    if lost:
        when = clocks.stamp(lost[0].at) if lost[0].at else "an unknown time"
        yield f"no row has the hash {lost[0].this_hash[:12]}, the last one at the build of {when}: the log was cut"
