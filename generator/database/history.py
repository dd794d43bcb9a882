"""Price history as it grows: its months, the daily prices kept of it, and the way in from an older table.

Months are partitions of `price_history`, made ahead by every run.  An old one can be detached: it becomes a table of
its own in the same schema, nothing is dropped, and its daily prices stay.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from generator.database import db
from generator.errors import BuildError

_LOCK_TIMEOUT = "55P03"
_NOT_THE_OWNER = "42501"
_NOT_READY = ("55000", "23503")


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """A month of history; `first` and `until` (not included) are None for the default partition, which is to be empty.

    `bytes` is its size with indexes.
    """

    name: str
    first: date | None
    until: date | None
    segments: int
    bytes: int
    is_attached: bool


@dataclass(frozen=True, slots=True)
class DetachedMonth:
    """A month taken out of price history, and the table it became.

    `carried_over` prices stood across the cut and go on in the first month that stays; told with the first month.
    """

    name: str
    became: str
    segments: int
    carried_over: int


@dataclass(frozen=True, slots=True)
class CompactedMonth:
    """A month of history that was packed; bytes with its indexes."""

    name: str
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True, slots=True)
class RollupSummary:
    """What the daily prices hold: `rows` of run lengths that stand for `days` of all `series` together.

    `history_first` is the first day that price history still has attached.
    """

    series: int
    rows: int
    days: int
    first: date | None
    last: date | None
    bytes: int
    history_first: date | None


@dataclass(frozen=True, slots=True)
class RollupDifference:
    """An offer of whose daily prices some rows are not what its history says."""

    provider_slug: str
    instance_type: str
    region: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Table:
    name: str | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class _Month:
    month: date


@dataclass(frozen=True, slots=True)
class _Adopted:
    segments: int


def months(connection: db.Connection) -> list[HistoryMonth]:
    """Every month of history, oldest first, detached ones included; the default partition last."""
    return db.rows(connection, "history_months", HistoryMonth)


def make_ahead(connection: db.Connection, as_of: datetime, ahead: int) -> None:
    """Makes the partitions of the month of `as_of` and of so many months after it, where they are missing."""
    last = as_of.replace(day=1)
    for _ in range(ahead):
        last = (last + timedelta(days=32)).replace(day=1)
    with connection.transaction():
        db.execute(connection, "store_partitions", first=as_of, last=last)


def months_ahead(found: list[HistoryMonth], as_of: datetime) -> int:
    """How many months after the one of `as_of` have their partition, without a hole."""
    attached = {month.first for month in found if month.is_attached and month.first}
    ahead, month = 0, as_of.date().replace(day=1)
    while (month := (month + timedelta(days=32)).replace(day=1)) in attached:
        ahead += 1
    return ahead


def compact(connection: db.Connection, as_of: datetime) -> list[CompactedMonth]:
    """Packs the months that are over at `as_of`, each once: full pages in the order of the offers, packed indexes.

    Readers and writers of such a month wait meanwhile.  Raises BuildError where one is held for more than 5 seconds.
    """
    with _explaining(), db.unhurried(connection):
        return db.rows(connection, "history_compact", CompactedMonth, before=as_of.date().replace(day=1))


def pack(connection: db.Connection, as_of: datetime) -> list[CompactedMonth]:
    """As `compact`, at the end of a run: a month that is in use is left for the next one, as are all without the right.

    Once a month there is something to do; the month before is hardly written to any more.
    """
    try:
        with db.unhurried(connection):
            return db.rows(connection, "history_compact", CompactedMonth, before=as_of.date().replace(day=1))
    except db.Error as error:
        if error.sqlstate in (_LOCK_TIMEOUT, _NOT_THE_OWNER):
            return []
        raise


def close_market_days(connection: db.Connection, as_of: datetime) -> None:
    """Computes the market of the days that are over at `as_of`, for trends; usually that is yesterday's.

    Where another session holds what is kept of them, it is left for the next run: until then trends compute it.
    """
    try:
        with db.unhurried(connection):
            db.execute(connection, "history_close_market_days", as_of=as_of)
    except db.Error as error:
        if error.sqlstate != _LOCK_TIMEOUT:
            raise


def detach(connection: db.Connection, before: date, as_of: datetime) -> list[DetachedMonth]:
    """Takes the months before that of `before` out of price history, all or none; the tables they became.

    Raises BuildError for a month that is not over at `as_of`, where another session holds price history for more than
    5 seconds, and where a price may still stand in the months to be detached.
    """
    if before > as_of.date().replace(day=1):
        raise BuildError(f"price history: {before:%Y-%m} has not begun; only months that are over can be detached")
    with _explaining(), connection.transaction():
        return db.rows(connection, "history_detach", DetachedMonth, before=before)


def adopt(connection: db.Connection, table: str) -> Iterator[tuple[date, int]]:
    """Brings a table of price points into price history, month by month; each month, and how many segments came.

    The table has the columns of the unpartitioned `price_history` (a row at each change) and is left as it is.  Each
    month is a transaction: broken off, it goes on where it was; a second time brings nothing.  Raises BuildError where
    there is no such table of the owner's, and where it tells of offers that are not in the database.
    """
    with _explaining():
        for month in _adoptable(connection, table):
            with connection.transaction():
                (adopted,) = db.rows(connection, "history_adopt", _Adopted, points=table, month=month)
            yield month, adopted.segments


def _adoptable(connection: db.Connection, table: str) -> list[date]:
    """In a transaction of its own, so that each month after it has one too."""
    with connection.transaction():
        (found,) = db.rows(connection, "history_table", _Table, points=table)
        if found.name is None:
            expected = "name it with its schema, as old.price_history"
            raise BuildError(f'adopt-history: no table "{table}" in this database; {expected}')
        if not found.is_ours:
            expected = "expected a table, no view, of the owner of price history: what it runs would run as that one"
            raise BuildError(f"adopt-history: {found.name} is somebody else's; {expected}")
        return [row.month for row in db.rows(connection, "history_points_months", _Month, points=table)]


def rollup_summary(connection: db.Connection) -> RollupSummary:
    """What the daily prices hold."""
    return db.rows(connection, "rollup_summary", RollupSummary)[0]


def rebuild_rollup(connection: db.Connection, as_of: datetime, *, keep: bool) -> list[RollupDifference]:
    """Makes the daily prices anew from the history that is attached; the offers whose days were not what it says.

    Without `keep` everything stays as it was.  Days of detached months are not touched.
    """
    first = rollup_summary(connection).history_first
    if first is None:
        return []
    with connection.transaction(force_rollback=not keep):
        db.execute(connection, "rollup_copy")
        db.execute(connection, "rollup_rebuild", first=first, last=as_of.date() + timedelta(days=1))
        return db.rows(connection, "rollup_differences", RollupDifference)


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except db.Error as error:
        if error.sqlstate == _LOCK_TIMEOUT:
            problem = f"in use by another session: nothing was detached or packed: {db.said(error)}"
            raise BuildError(f"price history is {problem}") from error
        if error.sqlstate in _NOT_READY:
            hint = error.diag.message_hint
            raise BuildError(f"price history: {error.diag.message_primary}{'; ' + hint if hint else ''}") from error
        raise
