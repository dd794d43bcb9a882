"""Price history as it grows: its months, the daily prices computed from it, and the import of an older table.

Months are partitions of `price_history`, made ahead by every run.  An old one can be detached: it becomes a table of
its own in the same schema, nothing is deleted, and its daily prices stay.
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
    """A month of history; `first` and `until` (exclusive) are None for the default partition, which should be empty.

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

    `carried_over` prices were current across the cut and continue in the first month that stays; only the first
    detached month counts them.
    """

    name: str
    became: str
    segments: int
    carried_over: int


@dataclass(frozen=True, slots=True)
class CompactedMonth:
    """A month of history that was compacted; bytes include its indexes."""

    name: str
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True, slots=True)
class RollupSummary:
    """The daily prices in figures: `rows` of run lengths stand for the `days` of all `series` together.

    `history_first` is the first day of the history that is still attached.
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
    """An offer some of whose daily prices differ from its history."""

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
    """Make the missing partitions of the month of `as_of` and of `ahead` months after it."""
    last = as_of.replace(day=1)
    for _ in range(ahead):
        last = (last + timedelta(days=32)).replace(day=1)
    with connection.transaction():
        db.execute(connection, "store_partitions", first=as_of, last=last)


def months_ahead(found: list[HistoryMonth], as_of: datetime) -> int:
    """How many months after that of `as_of` have their partition, without a gap."""
    attached = {month.first for month in found if month.is_attached and month.first}
    ahead, month = 0, as_of.date().replace(day=1)
    while (month := (month + timedelta(days=32)).replace(day=1)) in attached:
        ahead += 1
    return ahead


def compact(connection: db.Connection, as_of: datetime) -> list[CompactedMonth]:
    """Compact the months that are over at `as_of`, each once: full pages in the order of the offers, compact indexes.

    Sessions that read or write such a month wait meanwhile.  Raises BuildError where one locks it for over 5 seconds.
    """
    with _explaining(), db.unhurried(connection):
        return db.rows(connection, "history_compact", CompactedMonth, before=as_of.date().replace(day=1))


def compact_if_free(connection: db.Connection, as_of: datetime) -> list[CompactedMonth]:
    """As `compact`, at the end of a run: a month that is in use, or that the user does not own, is left alone.

    There is something to do once a month, when hardly anything is written to the month before.
    """
    try:
        with db.unhurried(connection):
            return db.rows(connection, "history_compact", CompactedMonth, before=as_of.date().replace(day=1))
    except db.Error as error:
        if error.sqlstate in (_LOCK_TIMEOUT, _NOT_THE_OWNER):
            return []
        raise


def close_market_days(connection: db.Connection, as_of: datetime) -> None:
    """Compute and store the market of the days that are over at `as_of`, for trends; usually that is yesterday.

    Where another session locks the stored days, this is left to the next run: until then trends compute them.
    """
    try:
        with db.unhurried(connection):
            db.execute(connection, "history_close_market_days", as_of=as_of)
    except db.Error as error:
        if error.sqlstate != _LOCK_TIMEOUT:
            raise


def detach(connection: db.Connection, before: date, as_of: datetime) -> list[DetachedMonth]:
    """Take the months before that of `before` out of price history, all or none; return the tables they became.

    Raises BuildError for a month that is not over at `as_of`, where another session locks price history for more than
    5 seconds, and where a price in the months to be detached may still be current.
    """
    if before > as_of.date().replace(day=1):
        raise BuildError(f"price history: {before:%Y-%m} has not begun; only months that are over can be detached")
    with _explaining(), connection.transaction():
        return db.rows(connection, "history_detach", DetachedMonth, before=before)


def adopt(connection: db.Connection, table: str) -> Iterator[tuple[date, int]]:
    """Import a table of price points into price history, month by month; yield each month and its number of segments.

    The table has the columns of the unpartitioned `price_history` (a row at each change) and is left as it is.  Each
    month is a transaction: an import that broke off can be continued, and a second one adds nothing.  Raises BuildError
    where the owner has no such table, and where it has offers that are not in the database.
    """
    with _explaining():
        for month in _adoptable(connection, table):
            with connection.transaction():
                (adopted,) = db.rows(connection, "history_adopt", _Adopted, points=table, month=month)
            yield month, adopted.segments


def _adoptable(connection: db.Connection, table: str) -> list[date]:
    """The months of a table of price points; in a transaction of its own, so that each month has one too."""
    with connection.transaction():
        (found,) = db.rows(connection, "history_table", _Table, points=table)
        if found.name is None:
            expected = "name it with its schema, as old.price_history"
            raise BuildError(f'adopt-history: no table "{table}" in this database; {expected}')
        if not found.is_ours:
            expected = "expected a table (no view) of the owner of price history, as whom its code would run"
            raise BuildError(f"adopt-history: {found.name} is somebody else's; {expected}")
        return [row.month for row in db.rows(connection, "history_points_months", _Month, points=table)]


def rollup_summary(connection: db.Connection) -> RollupSummary:
    """The daily prices in figures."""
    return db.rows(connection, "rollup_summary", RollupSummary)[0]


def rebuild_rollup(connection: db.Connection, as_of: datetime, *, keep: bool) -> list[RollupDifference]:
    """Compute the daily prices again from the attached history; return the offers whose days differed.

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
            problem = f"in use by another session: nothing was detached or compacted: {db.said(error)}"
            raise BuildError(f"price history is {problem}") from error
        if error.sqlstate in _NOT_READY:
            hint = error.diag.message_hint
            raise BuildError(f"price history: {error.diag.message_primary}{'; ' + hint if hint else ''}") from error
        raise
