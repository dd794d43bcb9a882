"""Runs of a refresh or a replay: their start, their end, and the instant up to which prices are known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from generator.database import db

_AHEAD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class _Run:
    id: int


@dataclass(frozen=True, slots=True)
class _LastRun:
    as_of: datetime


def start(
    connection: db.Connection, as_of: datetime, source: Literal["auto", "live", "recorded", "replay"], version: str
) -> int:
    """Start a run as of `as_of`, with partitions of price history for the months ahead; return its id."""
    with connection.transaction():
        db.execute(connection, "store_partitions", first=as_of, last=as_of + _AHEAD)
        (run,) = db.rows(connection, "run_start", _Run, as_of=as_of, source=source, version=version)
    return run.id


def finish(connection: db.Connection, run_id: int) -> None:
    """Store that a run has ended, whatever the outcome for its providers."""
    with connection.transaction():
        db.execute(connection, "run_finish", run_id=run_id)


def last_as_of(connection: db.Connection) -> datetime | None:
    """The instant of the last finished run, or of newer prices; None where there is neither."""
    last = db.rows(connection, "run_last", _LastRun)
    return last[0].as_of if last else None
