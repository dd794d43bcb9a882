"""Where backups are kept: in a folder, or encrypted in a private store; db new-key."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from generator.commands.console import print_json, say
from generator.commands.options import json_option
from generator.database import backup, backup_store, clocks
from generator.database import db as database
from generator.errors import BuildError
from generator.formats import plural
from generator.settings import Settings


@click.command("new-key")
@json_option
def new_key(as_json: bool) -> None:
    """Print a new key for backups in a store, for CLOUDGPUS_BACKUP_KEY.

    It is an age identity: the program age decrypts the backups with it too.  Keep a copy elsewhere, since without it
    no backup can be read.

    \b
    Example:
      build.py db new-key
    """
    key = backup_store.new_key()
    if as_json:
        print_json({"key": key})
    else:
        say(key)


def store(settings: Settings, address: str, keep_days: int | None, *, allow_other: bool, as_json: bool) -> None:
    """Back up into a store, and report it."""
    there = backup_store.opened(address, settings.backup_key, settings.store_access())
    found = backup_store.mark(there)
    url = database.url(settings)
    with database.connect(url) as connection:
        now = clocks.agreed(connection)
        if not allow_other:
            backup_store.require_successor(connection, found, address)
    stored = backup_store.put(there, url, now, found)
    deleted = [] if keep_days is None else backup_store.retire(there, now, timedelta(days=keep_days))
    if as_json:
        print_json({"place": address, "name": stored.name, "bytes": stored.bytes, "deleted": deleted})
        return
    say(f"{address}/{stored.name}.age: {stored.bytes / 1_000_000:,.1f} MB; encrypted, read back and found equal.")
    if deleted:
        say(f"{plural(len(deleted), 'object')} older than {plural(keep_days or 0, 'day')} deleted.")


@contextmanager
def restorable(settings: Settings, place: Path | str, *, is_latest: bool) -> Iterator[Path | None]:
    """The file to restore: `place` itself, or the newest good backup there; None where a place has none yet.

    One from a store is fetched for the time of the block.
    """
    if isinstance(place, Path):
        yield _newest(place) if is_latest else place
        return
    address, _, name = (place, "", "") if is_latest else place.rpartition("/")
    there = backup_store.opened(address, settings.backup_key, settings.store_access())
    stored = backup_store.mark(there).stored if is_latest else backup_store.named(there, name)
    if stored is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="cloudgpus-restore-") as folder:
        yield backup_store.fetch(there, stored, Path(folder))


def _newest(folder: Path) -> Path | None:
    if folder.is_file():
        raise BuildError(f"{folder}: is a file; expected the folder of backups, or no --latest")
    return next((one.file for one in backup.kept(folder) if one.kind == "full"), None)
