"""db partitions, db rollups, db adopt-history: price history as it grows."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, pass_settings
from generator.database import clocks, db, history
from generator.formats import plural
from generator.settings import Settings

_AHEAD = 2  # months that a run makes


class Month(click.ParamType[date]):
    """A month such as 2026-03, as its first day."""

    name = "month"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The first day of the month."""
        try:
            return datetime.strptime(str(value), "%Y-%m").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a month such as 2026-03", param, ctx)


@click.command()
@click.option("--detach-before", type=Month(), metavar="MONTH", help="Take the months before this one out of history.")
@click.option("--ahead", type=click.IntRange(0, 120), metavar="N", help="Make the partitions of the next N months.")
@click.option("--compact", is_flag=True, help="Compact the months that are over, each once.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
@pass_settings
def partitions(
    settings: Settings, detach_before: date | None, ahead: int | None, compact: bool, yes: bool, as_json: bool
) -> None:
    """List the months of price history; exit status 1 where one is missing or a row lies outside them.

    A detached month becomes a table of its own, whose name ends in _detached; nothing is deleted, and its daily prices
    stay in the trends.  A price that was current across the cut begins again at it.

    \b
    Examples:
      build.py db partitions
      build.py db partitions --detach-before 2026-01
      build.py db partitions --ahead 12 --compact --json
    """
    if detach_before and not yes and not as_json:
        click.confirm(f"This takes the months before {detach_before:%Y-%m} out of price_history. Go on?", abort=True)
    is_change = bool(detach_before or compact) or ahead is not None
    with db.connect(db.url(settings)) as connection:
        now = clocks.agreed(connection) if is_change else datetime.now(UTC)
        if ahead is not None:
            history.make_ahead(connection, now, ahead)
        detached = history.detach(connection, detach_before, now) if detach_before else []
        compacted = history.compact(connection, now) if compact else []
        found = history.months(connection)
    outside = sum(month.segments for month in found if month.first is None)
    made = history.months_ahead(found, now)
    if as_json:
        told = {"months": [asdict(month) for month in found], "detached": [asdict(month) for month in detached]}
        told["compacted"] = [asdict(month) for month in compacted]
        print_json({**told, "ahead": made, "outside": outside})
    else:
        _show(found, detached)
        for month in compacted:
            say(f"{month.name}: {month.bytes_before} bytes before, {month.bytes_after} now.")
        say(f"{plural(made, 'month')} ahead; {plural(outside, 'row')} outside the months.")
    if outside or made < min(1, _AHEAD if ahead is None else ahead):
        raise click.exceptions.Exit(1)


def _show(found: list[history.HistoryMonth], detached: list[history.DetachedMonth]) -> None:
    rows = [
        (month.name, month.first, month.until, month.segments, month.bytes, "yes" if month.is_attached else "detached")
        for month in found
    ]
    table(("table", "from", "until", "rows", "bytes", "attached"), rows)
    for month in detached:
        carried = f"; {plural(month.carried_over, 'price')} carried over" if month.carried_over else ""
        say(f"{month.name}: {plural(month.segments, 'row')} now in {month.became}{carried}.")


@click.command()
@click.option("--check", is_flag=True, help="Compare every day with its history; exit status 1 where they differ.")
@click.option("--rebuild", is_flag=True, help="Compute the days of all attached history again.")
@json_option
@pass_settings
def rollups(settings: Settings, check: bool, rebuild: bool, as_json: bool) -> None:
    """Show the daily prices in figures, and whether they agree with history.

    \b
    Examples:
      build.py db rollups --check
      build.py db rollups --rebuild
    """
    with db.connect(db.url(settings)) as connection:
        compared = check or rebuild
        differences = history.rebuild_rollup(connection, datetime.now(UTC), keep=rebuild) if compared else []
        summary = history.rollup_summary(connection)
    if as_json:
        print_json({**asdict(summary), "differences": [asdict(one) for one in differences]})
    else:
        say(
            f"{plural(summary.days, 'day')} of {plural(summary.series, 'price')} in {plural(summary.rows, 'row')} and "
            f"{summary.bytes} bytes, {summary.first or 'none'} to {summary.last or 'none'}."
        )
        done = "computed again" if rebuild else "different from history"
        for one in differences:
            say(f"{one.provider_slug} {one.instance_type} {one.region}: {plural(one.rows, 'row')} {done}")
        if compared and not differences:
            say("They agree with history.")
    if differences and not rebuild:
        raise click.exceptions.Exit(1)


@click.command("adopt-history")
@click.argument("table_name", metavar="TABLE")
@json_option
@pass_settings
def adopt_history(settings: Settings, table_name: str, as_json: bool) -> None:
    """Import an older, unpartitioned table of price points into price history.

    TABLE has a row at each change (id, instance_id, provider_id, gpu_model_id, price_per_hour, price_per_gpu_hour,
    price_per_hour_spot, availability_status, gpu_count, recorded_at) and stays as it is.  Each point holds until the
    next one of its instance.  Points that were imported before are skipped, so an import can be started again.

    \b
    Example:
      build.py db adopt-history old.price_history
    """
    adopted: dict[str, int] = {}
    with db.connect(db.url(settings)) as connection:
        for month, segments in history.adopt(connection, table_name):
            adopted[f"{month:%Y-%m}"] = segments
            say(f"{month:%Y-%m}: {plural(segments, 'segment')}", quiet=as_json)
    if as_json:
        print_json(adopted)
