"""db health, db stale, db size."""

import math
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import as_of_option, json_option, pass_settings
from generator.database import db as database
from generator.database import health as examining
from generator.settings import Settings


@click.command()
@click.option("--limit", "limits", metavar="CHECK=WARN:FAIL", multiple=True, help="Set a limit; may be repeated.")
@click.option(
    "--backups", metavar="DIR", type=click.Path(path_type=Path), help="The folder that should have a recent backup."
)
@click.option("--indexes", "with_indexes", is_flag=True, help="List how much each index is used.")
@as_of_option
@json_option
@pass_settings
def health(
    settings: Settings,
    limits: tuple[str, ...],
    backups: Path | None,
    with_indexes: bool,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Check scrapers, stale data, sizes, partitions, migrations and backups.

    The exit status is 1 where a check fails, so that cron or CI can watch it; warnings don't count.  Limits can be
    set in CLOUDGPUS_HEALTH_LIMITS too.  Backups are looked for in --backups or CLOUDGPUS_BACKUP_DIR.

    \b
    Examples:
      build.py db health
      build.py db health --limit stale=0.1:0.3 --limit update_age=3:12 --json
    """
    found = examining.examine(
        database.url(settings),
        as_of or datetime.now(UTC),
        examining.limits(settings.health_limits, *limits),
        backups or settings.backup_dir,
    )
    if as_json:
        print_json({"state": _worst(found), **asdict(found)})
    else:
        _show(found, with_indexes=with_indexes)
    if found.is_failing:
        raise click.exceptions.Exit(1)


def _worst(found: examining.Health) -> str:
    states = {check.state for check in found.checks}
    return next(state for state in ("fail", "warn", "ok") if state in states)


def _show(found: examining.Health, *, with_indexes: bool) -> None:
    headings = ("check", "state", "value", "warn", "fail", "")
    rows = [
        (one.name, one.state, *(_number(value) for value in (one.value, one.warn, one.fail)), one.detail)
        for one in found.checks
    ]
    table(headings, rows)
    if found.scrapers:
        say("")
        table(
            ("provider", "last job", "started", "ms", "offers", "changed", "hours", "problem"),
            [
                (
                    one.provider,
                    f"{one.status or 'none'}{' (recorded)' if one.is_recorded else ''}",
                    one.started_at and f"{one.started_at:%Y-%m-%d %H:%M}",
                    one.duration_ms,
                    one.offers_found,
                    one.offers_changed,
                    one.hours_since_update,
                    one.error_message,
                )
                for one in found.scrapers
            ],
        )
    if with_indexes and found.indexes:
        say("")
        table(
            ("table", "index", "scans", "rows read", "rows fetched", "size"),
            [
                (one.table_name, one.name, one.scans, one.rows_read, one.rows_fetched, examining.megabytes(one.bytes))
                for one in found.indexes
            ],
        )


def _number(value: float) -> str:
    return "never" if value == math.inf else f"{value:,.3f}".rstrip("0").rstrip(".")


@click.command()
@as_of_option
@json_option
@pass_settings
def stale(settings: Settings, as_of: datetime | None, as_json: bool) -> None:
    """Count live offers by provider that are older than their kind of source allows, or dated later than now.

    \b
    Example:
      build.py db stale
    """
    with database.connect(database.url(settings)) as connection:
        everything = examining.stale_offers(connection, as_of or datetime.now(UTC))
    found = [one for one in everything if one.aging or one.expired or one.later]
    if as_json:
        print_json([asdict(one) for one in found])
    elif found:
        columns = ("provider", "source_class", "offers", "aging", "expired", "later", "hours")
        table(("provider", "source", *columns[2:]), [[getattr(one, name) for name in columns] for one in found])
    else:
        say("Every live offer is fresh." if everything else "No live offers are stored.")


@click.command()
@json_option
@pass_settings
def size(settings: Settings, as_json: bool) -> None:
    """List the size of each table on disk, the largest first.

    \b
    Example:
      build.py db size
    """
    with database.connect(database.url(settings)) as connection:
        found = examining.table_sizes(connection)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [
        (
            one.name,
            *(examining.megabytes(count) for count in (one.total_bytes, one.table_bytes, one.index_bytes)),
            f"{one.rows:,}",
            one.partitions or "",
        )
        for one in found
    ]
    table(("table", "total", "rows and TOAST", "indexes", "rows, about", "partitions"), rows)
