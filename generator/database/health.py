"""The health of the database: each check has a measure and two limits, for a warning and for a failure.

Nothing is changed.  Of large tables only PostgreSQL's statistics are read.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from generator.database import backup, clocks, db, migrations
from generator.errors import BuildError
from generator.formats import plural

Level = Literal["ok", "warn", "fail"]
Limits = Mapping[str, tuple[float, float]]

# (warn, fail): a measure of that or more; where `fail` is the smaller one, of that or less.
LIMITS: Limits = {
    "migrations": (1, 1),
    "scrapers": (1, 10),
    "update_age": (26, 72),  # hours: a daily run that is late, and three days
    "later": (1, 1),
    "stale": (0.05, 0.5),
    "partitions_ahead": (0, -1),
    "default_partition": (1, 1),
    "size": (20, 100),
    "dead_rows": (0.2, 0.5),
    "unused_indexes": (1, math.inf),
    "long_transaction": (300, 3600),
    "archiving": (1, 1),
    "backup_age": (26, 72),
}
# An unused index counts after so many days of statistics, and from so many bytes on.
_COUNTED_DAYS, _SMALL_INDEX = 14, 1_000_000
_MANY_ROWS = 10_000
ABSENT = {"key_missing", "stated", "not_dated", "not_recorded"}  # nothing that a person could mend
_AGES, _HOUR = ("update_age", "backup_age"), timedelta(hours=1)
_NUMBER = re.compile(r"-?\d+(\.\d+)?|inf")  # stricter than float(), which takes "nan" and "1_0" too


@dataclass(frozen=True, slots=True)
class Scraper:
    """An active provider's last job, and the hours since one of its prices was confirmed."""

    provider: str
    status: str | None
    started_at: datetime | None
    duration_ms: int | None
    offers_found: int | None
    offers_changed: int | None
    is_recorded: bool | None
    error_code: str | None
    error_message: str | None
    hours_since_update: Decimal | None


@dataclass(frozen=True, slots=True)
class Stale:
    """A provider's active live offers: how many are aging, expired or dated later than now, and the range of dates."""

    provider: str
    source_class: str
    offers: int
    aging: int
    expired: int
    later: int
    newest: datetime
    oldest: datetime
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Size:
    """A table's size on disk in bytes; the numbers of rows are estimates."""

    name: str
    total_bytes: int
    table_bytes: int
    index_bytes: int
    rows: int
    dead_rows: int
    partitions: int


@dataclass(frozen=True, slots=True)
class IndexUse:
    """How often an index was used in `counted_days`; one that `is_needed` keeps a key or a constraint."""

    table_name: str
    name: str
    scans: int
    rows_read: int
    rows_fetched: int
    bytes: int
    is_needed: bool
    counted_days: Decimal

    @property
    def is_unused(self) -> bool:
        """Whether it has gone unused for long enough to say so."""
        counts = self.counted_days >= _COUNTED_DAYS and self.bytes >= _SMALL_INDEX
        return counts and not self.is_needed and self.scans == 0


@dataclass(frozen=True, slots=True)
class Check:
    """A check's state, its measure, and its limits."""

    name: str
    state: Level
    value: float
    detail: str
    warn: float
    fail: float


@dataclass(frozen=True, slots=True)
class Health:
    """All checks, and the rows behind them, which are empty where migrations are pending."""

    checks: tuple[Check, ...]
    scrapers: tuple[Scraper, ...] = ()
    stale: tuple[Stale, ...] = ()
    sizes: tuple[Size, ...] = ()
    indexes: tuple[IndexUse, ...] = ()

    @property
    def is_failing(self) -> bool:
        """Whether any check fails."""
        return any(check.state == "fail" for check in self.checks)


@dataclass(frozen=True, slots=True)
class _Storage:
    months_ahead: int
    default_rows: int
    bytes: int
    longest_transaction: float
    is_archiving: bool
    failed_log_file: str | None


_Measured = tuple[str, float, str]


def limits(*stated: str) -> Limits:
    """The usual limits, with those stated as "stale=0.1:0.6" in their place.  Raises BuildError for any other text."""
    found = dict(LIMITS)
    for text in " ".join(stated).replace(",", " ").split():
        name, _, pair = text.partition("=")
        numbers = pair.split(":")
        if name not in LIMITS or len(numbers) != 2 or not all(_NUMBER.fullmatch(number) for number in numbers):
            known = ", ".join(LIMITS)
            raise BuildError(f'limit "{text}": expected CHECK=WARN:FAIL, such as stale=0.1:0.6; checks: {known}')
        found[name] = (float(numbers[0]), float(numbers[1]))
    return found


def examine(conninfo: str, as_of: datetime, limits: Limits = LIMITS, backups: Path | None = None) -> Health:
    """Run all checks.  `backups` is the folder that should have a recent good backup; None: backups aren't checked."""
    pending = _migrations(migrations.status(conninfo), migrations.pending_functions(conninfo))
    if pending[1]:
        return Health((_judged(pending, limits),))
    with db.connect(conninfo) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        scrapers = db.rows(connection, "health_scrapers", Scraper, as_of=as_of)
        stale = stale_offers(connection, as_of)
        sizes = table_sizes(connection)
        indexes = db.rows(connection, "health_indexes", IndexUse, as_of=as_of)
        (storage,) = db.rows(connection, "health_storage", _Storage, as_of=as_of)
    measured = [
        pending,
        *_of_scrapers(scrapers, stale),
        *_of_storage(storage, sizes, indexes),
        *([_of_backups(backups, as_of)] if backups else []),
    ]
    checks = tuple(_judged(one, limits) for one in measured)
    return Health(checks, tuple(scrapers), tuple(stale), tuple(sizes), tuple(indexes))


def stale_offers(connection: db.Connection, as_of: datetime) -> list[Stale]:
    """Each provider's live offers by age, the provider with the oldest first."""
    return db.rows(connection, "health_stale", Stale, as_of=as_of, tolerance=clocks.TOLERANCE)


def table_sizes(connection: db.Connection) -> list[Size]:
    """The tables' sizes on disk, the largest first."""
    return db.rows(connection, "health_sizes", Size)


def _judged(measured: _Measured, limits: Limits) -> Check:
    name, value, detail = measured
    warn, fail = limits[name]
    sign = -1 if fail < warn else 1
    fails = value * sign >= fail * sign or (name in _AGES and value < -clocks.TOLERANCE / _HOUR)
    state: Level = "fail" if fails else "warn" if value * sign >= warn * sign else "ok"
    return Check(name, state, value, detail, warn, fail)


def _migrations(found: Sequence[migrations.Migration], functions: Sequence[str]) -> _Measured:
    wrong = [one.id for one in found if one.applied_at is None or not one.is_known or one.is_changed]
    wrong += [f"functions/{name}" for name in functions]
    newest = found[-1].id if found else "none"
    detail = (
        f"{', '.join(wrong)}: pending, unknown here or edited; see build.py db status" if wrong else f"up to {newest}"
    )
    return "migrations", len(wrong), detail


def _of_scrapers(scrapers: Sequence[Scraper], stale: Sequence[Stale]) -> Iterator[_Measured]:
    failed = [
        one.provider for one in scrapers if one.status not in {"completed", None} and one.error_code not in ABSENT
    ]
    detail = f"last job failed: {', '.join(failed)}" if failed else f"{plural(len(scrapers), 'provider')}, none failed"
    yield "scrapers", len(failed), detail
    ages = [float(one.hours_since_update) for one in scrapers if one.hours_since_update is not None]
    if stale and ages:
        yield "update_age", min(ages), f"hours since a price was confirmed; the oldest provider's: {max(ages):,.1f}"
    yield _of_a_later_time(stale)
    offers, expired = sum(one.offers for one in stale), sum(one.expired for one in stale)
    aging = sum(one.aging for one in stale)
    detail = f"{expired:,} of {plural(offers, 'live offer')} expired, {aging:,} aging" if offers else "no live offers"
    yield "stale", expired / offers if offers else 0, detail


def _of_a_later_time(stale: Sequence[Stale]) -> _Measured:
    """Offers confirmed in the future: the clock that dated them was ahead, or this one is behind."""
    later = sum(one.later for one in stale)
    if not later:
        return "later", 0, "no live offer was confirmed later than now"
    until = clocks.stamp(max(one.newest for one in stale))
    return "later", later, f"live offers were confirmed later than now, as late as {until}"


def _of_storage(storage: _Storage, sizes: Sequence[Size], indexes: Sequence[IndexUse]) -> Iterator[_Measured]:
    yield "partitions_ahead", storage.months_ahead, "months of price history made ahead; a refresh makes them"
    yield "default_partition", storage.default_rows, "rows of price history outside of every month"
    yield (
        "size",
        round(storage.bytes / 1e9, 3),
        f"GB; the largest table: {sizes[0].name}, {megabytes(sizes[0].total_bytes)}",
    )
    yield _dead_rows(sizes)
    unused = [one.name for one in indexes if one.is_unused]
    days = float(indexes[0].counted_days) if indexes else 0
    yield "unused_indexes", len(unused), f"{', '.join(unused) or 'none'} in {days:,.1f} days of statistics"
    yield (
        "long_transaction",
        round(storage.longest_transaction, 1),
        "seconds since the oldest open transaction began",
    )
    if storage.is_archiving:
        failed = storage.failed_log_file
        yield "archiving", int(failed is not None), f"{failed} can't be archived" if failed else "the log is archived"


def _dead_rows(sizes: Sequence[Size]) -> _Measured:
    """The table with the largest share of dead rows, of those with many rows."""
    shares = [
        (one.dead_rows / (one.rows + one.dead_rows), one.name)
        for one in sizes
        if one.rows + one.dead_rows >= _MANY_ROWS
    ]
    share, name = max(shares, default=(0.0, ""))
    return (
        "dead_rows",
        round(share, 3),
        f"of the rows of {name} are dead; vacuum removes them" if share else "no large table has dead rows",
    )


def _of_backups(folder: Path, as_of: datetime) -> _Measured:
    kept = [one for one in backup.kept(folder) if one.kind == "full"]
    if not kept:
        return "backup_age", math.inf, f"no good backup in {folder}"
    newest, oldest = kept[0], kept[-1]
    hours = round((as_of - newest.taken_at).total_seconds() / 3600, 1)
    detail = f"hours; {newest.file.name}, {newest.verified}; {len(kept)} back to {oldest.taken_at:%Y-%m-%d}"
    return "backup_age", hours, detail


def megabytes(count: int) -> str:
    """A number of bytes as "12.3 MB"."""
    return f"{count / 1_000_000:,.1f} MB"
