"""A database that is ready: what every command that reads or writes it begins with."""

from collections.abc import Iterator
from contextlib import contextmanager

from generator.commands.console import say
from generator.database import db, migrations, seeds
from generator.formats import plural
from generator.settings import Settings


@contextmanager
def prepared(settings: Settings, *, quiet: bool) -> Iterator[db.Connection]:
    """A connection to a database that is migrated and seeded."""
    conninfo = db.url(settings)
    applied = migrations.migrate(conninfo)
    if applied:
        say(f"Database: {plural(len(applied), 'migration')} applied, up to {applied[-1]}.", quiet=quiet)
    with db.connect(conninfo) as connection:
        seeded = seeds.seed(connection)
        seeds.exchange_rates(connection)
        connection.commit()
        if seeded.changed:
            say(f"Seeds: {seeded}.", quiet=quiet)
        yield connection
