"""Prepare the database, as every command that reads or writes it does first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from generator.commands.console import say
from generator.database import db, migrations, seeds
from generator.formats import plural
from generator.settings import Settings


@dataclass(frozen=True, slots=True)
class _MayPrepare:
    may: bool


@contextmanager
def prepared(settings: Settings, *, quiet: bool) -> Iterator[db.Connection]:
    """A connection to a database that is migrated and seeded; an editor's login takes the seeds as they are."""
    conninfo = db.url(settings)
    applied = migrations.migrate(conninfo)
    if any(applied):
        say(f"Database: {brought(applied)} applied.", quiet=quiet)
    with db.connect(conninfo) as connection:
        if db.rows(connection, "may_prepare", _MayPrepare)[0].may:
            seeded = seeds.seed(connection)
            seeds.exchange_rates(connection)
            if seeded.changed:
                say(f"Seeds: {seeded}.", quiet=quiet)
        connection.commit()
        yield connection


def brought(applied: migrations.Applied) -> str:
    """How many migrations and functions were applied, in words."""
    return f"{plural(len(applied.migrations), 'migration')} and {plural(len(applied.functions), 'function')}"
