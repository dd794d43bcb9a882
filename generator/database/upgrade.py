"""Upgrade a database of the version before, whose 36 migrations were replaced by the present ones.

A verified backup is taken first, as by `db backup`.  Then one transaction sets the old schema aside, makes the new one,
copies the rows between columns of the same name, compares each table by rows and checksum, and drops the old schema;
one that fails or is killed leaves the old schema.  `sql/queries/upgrade_mappings.sql` says what differs between the two
versions, `upgrade_tables.sql` which tables are each version's own bookkeeping; any other difference stops the upgrade.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.database import backup, db, migrations, restore
from generator.errors import BuildError

_LAST = "0036_values_that_can_be_shown"


@dataclass(frozen=True, slots=True)
class _Difference:
    relation: str
    column: str
    is_new: bool


def upgrade(conninfo: str, folder: Path, now: datetime) -> backup.Backup:
    """Upgrade a database of the version before; return the backup that was taken of it into `folder`.

    Raises BuildError for a database of any other version, and where the upgrade fails; then nothing was changed.
    """
    with db.connect(conninfo) as connection:
        _check(connection)
    made = backup.take(conninfo, folder, now)
    with db.connect(conninfo) as connection, db.unhurried(connection):
        try:
            _run(connection, "restore_take_turns")
            _check(connection)
            _replace(connection)
        except db.Error as error:
            raise BuildError(f"{db.said(error)}; nothing was changed; {made.file} is a backup of it") from error
    return made


def _check(connection: db.Connection) -> None:
    newest = migrations.newest_before(connection)
    if newest is None:
        raise BuildError("the database is not from the version before; build.py db status says what it has")
    if newest != _LAST:
        raise BuildError(f'the database is up to "{newest}", expected "{_LAST}": migrate it with its own checkout')
    if users := restore.dependents(connection):
        raise BuildError(f"{users[0]} uses the schema {db.SCHEMA} and would be dropped with it; drop it first")


def _replace(connection: db.Connection) -> None:
    _run(connection, "upgrade_set_aside", "upgrade_mappings")
    migrations.bring(connection)
    _run(connection, "upgrade_months")
    for difference in db.rows(connection, "upgrade_differences", _Difference):
        version = "this version" if difference.is_new else "the version before"
        raise BuildError(f"only {version} has {difference.relation}.{difference.column}; nothing was changed")
    _run(connection, "restore_keys", "restore_tables", "upgrade_tables", "restore_empty", "upgrade_copy")
    _run(connection, "restore_refill", "upgrade_compare", "upgrade_texts", "upgrade_finish")


def _run(connection: db.Connection, *names: str) -> None:
    for name in names:
        connection.execute(db.query(name))
