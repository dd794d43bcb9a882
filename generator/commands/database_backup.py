"""db backup, db restore, db upgrade."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from generator.commands import backup_places
from generator.commands.console import print_json, say
from generator.commands.options import MOST_DAYS, PLACE, json_option, pass_settings
from generator.database import backup as backing_up
from generator.database import clocks, migrations
from generator.database import db as database
from generator.database import restore as restoring
from generator.database import upgrade as upgrading
from generator.errors import BuildError, DatabaseBefore
from generator.formats import plural
from generator.settings import Settings


@click.command()
@click.option(
    "--to",
    "place",
    metavar="PLACE",
    type=PLACE,
    help="Where backups are kept: a folder, or a private store (s3://bucket/prefix), where they are encrypted.  "
    "[default: CLOUDGPUS_BACKUP_DIR, else backups/ beside the embedded database]",
)
@click.option("--schema-only", is_flag=True, help="Only the definitions, without the rows.")
@click.option("--data-only", is_flag=True, help="Only the rows, without the definitions.")
@click.option("--table", "tables", metavar="T", multiple=True, help="The rows of this table only; may be repeated.")
@click.option(
    "--keep-days", type=click.IntRange(0, MOST_DAYS), metavar="N", help="Delete backups older than N days afterwards."
)
@click.option(
    "--allow-other",
    is_flag=True,
    help="In a store: even where its newest backup holds runs that this database has not.",
)
@json_option
@pass_settings
def backup(
    settings: Settings,
    place: Path | str | None,
    schema_only: bool,
    data_only: bool,
    tables: tuple[str, ...],
    keep_days: int | None,
    allow_other: bool,
    as_json: bool,
) -> None:
    """Back up the schema, and verify the file by restoring it into a scratch database.

    The file gets its name once every table in it has the same number of rows and checksum as in the database.  Where
    the user may not make databases, only the dump's table of contents is checked, and the command says so.  The newest
    good backup of each kind is never deleted.

    A store takes whole backups only, encrypted with the age key in CLOUDGPUS_BACKUP_KEY, and only of the database that
    its newest backup is of.  It is opened with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL.

    \b
    Examples:
      build.py db backup --to /backup/cloudgpus --keep-days 30
      build.py db backup --to s3://my-backups/cloudgpus --keep-days 30
      build.py db backup --table instances --table price_history
    """
    if schema_only + data_only + bool(tables) > 1:
        raise click.UsageError("--schema-only, --data-only and --table exclude each other; expected one of them")
    kind: backing_up.Kind = "schema" if schema_only else "data" if data_only else "tables" if tables else "full"
    if isinstance(place, str):
        if kind != "full":
            raise click.UsageError(f"{place} takes whole backups only; expected a folder, as --to DIR")
        backup_places.store(settings, place, keep_days, allow_other=allow_other, as_json=as_json)
        return
    folder = (place or folder_of(settings)).absolute()
    url = database.url(settings)
    with database.connect(url) as connection:
        now = clocks.agreed(connection)
    made = backing_up.take(url, folder, now, kind, tables)
    deleted = [] if keep_days is None else backing_up.retire(folder, now, timedelta(days=keep_days))
    if as_json:
        print_json({**asdict(made), "deleted": deleted})
        return
    say(f"{made.file}: {_summary(made)}.")
    if deleted:
        say(f"{plural(len(deleted), 'backup')} older than {plural(keep_days or 0, 'day')} deleted.")


def folder_of(settings: Settings) -> Path:
    """The folder of backups when no other is named."""
    return settings.backup_dir or settings.data_dir / "backups"


def _summary(made: backing_up.Backup) -> str:
    rows = sum(table.rows for table in made.tables)
    how = {
        "restored": "restored into a scratch database and found equal",
        "listed": "verified by its table of contents only, since the user may not make databases",
    }
    size = f"{made.bytes / 1_000_000:,.1f} MB"
    return f"{plural(len(made.tables), 'table')}, {plural(rows, 'row')}, {size}; {how[made.verified]}"


@click.command()
@click.argument("file", required=False, type=PLACE)
@click.option("--latest", is_flag=True, help="Restore the newest good backup of everything, instead of FILE.")
@click.option("--from", "place", metavar="PLACE", type=PLACE, help="Where --latest looks.  [default: as for db backup]")
@click.option("--if-any", is_flag=True, help="With --latest: where there is no backup yet, do nothing.")
@click.option("--table", "tables", metavar="T", multiple=True, help="The rows of this table only; may be repeated.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
@pass_settings
def restore(
    settings: Settings,
    file: Path | str | None,
    latest: bool,
    place: Path | str | None,
    if_any: bool,
    tables: tuple[str, ...],
    yes: bool,
    as_json: bool,
) -> None:
    """Replace the contents of the database with a backup.

    FILE is a dump, or the address of one in a store.  All of it happens in one transaction: where it fails or is
    killed, the old contents stay.  A backup without definitions, or --table, replaces only the rows of its tables.

    \b
    Examples:
      build.py db restore /backup/cloudgpus/cloudgpus_20260822_020000.dump
      build.py db restore cloudgpus_20260822_020000.dump --table content_pages --yes
      build.py db restore --latest --from s3://my-backups/cloudgpus
      build.py db restore s3://my-backups/cloudgpus/cloudgpus_20260822_020000.dump.age
    """
    if latest == bool(file):
        raise click.UsageError("expected either FILE or --latest")
    if (place or if_any) and not latest:
        raise click.UsageError("--from and --if-any go with --latest")
    where = file or place or folder_of(settings)
    with backup_places.restorable(settings, where, is_latest=latest) as dump:
        if dump:
            _restore(settings, dump, tables, yes=yes, as_json=as_json)
        elif not if_any:
            raise BuildError(f"{where}: has no good backup of everything; db restore --if-any goes on without one")
        elif as_json:
            print_json({"file": None})
        else:
            say(f"{where}: has no backup yet; nothing was restored, and the database begins afresh.")


def _restore(settings: Settings, file: Path, tables: tuple[str, ...], *, yes: bool, as_json: bool) -> None:
    conninfo = database.url(settings)
    plan = restoring.plan(conninfo, file, tables)
    if plan.has_schema and not yes:
        click.confirm(f"{_question(plan)} Go on?", abort=True, err=as_json)
    restoring.restore(conninfo, plan)
    after = restoring.plan(conninfo, file, tables)
    behind, pending = _pending(conninfo)
    checked = plan.record is not None
    if as_json:
        what = {"is_whole": plan.is_whole, "tables": plan.tables, "checked": checked, "pending_migrations": pending}
        print_json({"file": file, **what, "replaced": plan.replaced, "restored": after.replaced})
        return
    how = "each as it was when it was dumped" if checked else "not compared, since the backup's record is missing"
    say(f"{plural(len(plan.tables), 'table')} restored, {how}. Now: {_prices(after.replaced)}.")
    if behind:
        say(behind)


def _pending(conninfo: str) -> tuple[str, list[str]]:
    """What a restored database lacks: a sentence that says what to do, and the pending migrations."""
    try:
        pending = [one.id for one in migrations.status(conninfo) if one.applied_at is None]
    except DatabaseBefore as error:
        return f"{error.message}.", migrations.ids()
    behind = f"{plural(len(pending), 'migration')} newer than the backup: run build.py db migrate."
    return behind if pending else "", pending


@click.command()
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the backup goes.  [default: as for db backup]",
)
@json_option
@pass_settings
def upgrade(settings: Settings, folder: Path | None, as_json: bool) -> None:
    """Upgrade a database of the version before, which other migrations made.

    A verified backup is taken first.  Then the new schema is made, the rows are copied and compared by number and
    checksum, and the old schema is dropped, in one transaction: where it fails or is killed, the old state stays.

    \b
    Example:
      build.py db upgrade --to /backup/cloudgpus
    """
    url = database.url(settings)
    with database.connect(url) as connection:
        now = clocks.agreed(connection)
    made = upgrading.upgrade(url, (folder or folder_of(settings)).absolute(), now)
    if as_json:
        print_json({"backup": asdict(made)})
        return
    say(f"{made.file}: {_summary(made)}.")
    say("The database is upgraded; each table has the rows that it had.")


def _question(plan: restoring.Plan) -> str:
    new = (
        "the rows that the backup has" if plan.record is None else f"those of {plan.record.taken_at:%Y-%m-%d %H:%M} UTC"
    )
    if not plan.is_whole:
        return f"This replaces the rows of {', '.join(plan.tables)} with {new}."
    return f"This replaces the whole schema ({_prices(plan.replaced)}) with {new}."


def _prices(prices: restoring.StoredPrices | None) -> str:
    if prices is None:
        return "no prices that can be read"
    newest = f"the newest price from {prices.newest:%Y-%m-%d %H:%M} UTC" if prices.newest else "no price confirmed yet"
    history = f"{plural(prices.history_rows, 'row')} of history"
    return f"{plural(prices.offers, 'offer')}, {history}, {newest}"
