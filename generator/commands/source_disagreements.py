"""sources disagreements: where prices that others published differ from ours, and editors' verdicts."""

from dataclasses import asdict

import click

from generator.commands.console import print_json, say, say_more, table
from generator.commands.options import json_option, most_option, pass_settings
from generator.commands.prepare import prepared
from generator.database import clocks
from generator.formats import money, percent, plural
from generator.ingest import disagreements as differing
from generator.ingest.disagreements import Entry, Verdict
from generator.ingest.refresh import named
from generator.labels import PRICING
from generator.settings import Settings
from scrapers import run
from scrapers.addresses import host_of

_VERDICTS = click.Choice(["ours", "theirs", "both", "neither"])


@click.command()
@click.argument("provider", required=False)
@click.option(
    "--verdict",
    "judged",
    type=(_VERDICTS, int),
    metavar="VERDICT NUMBER",
    help="Which is right: ours, theirs, both (for different products or days), or neither (can't be confirmed).",
)
@click.option("--by", metavar="NAME", help="Who judges; needed with --verdict.")
@click.option("--reason", help="Why; needed with --verdict.  The site shows it, without the name.")
@click.option("--all", "everything", is_flag=True, help="Also list what is settled.")
@most_option
@json_option
@pass_settings
def disagreements(
    settings: Settings,
    provider: str | None,
    judged: tuple[Verdict, int] | None,
    by: str | None,
    reason: str | None,
    everything: bool,
    most: int,
    as_json: bool,
) -> None:
    """List where others published a price more than 5 % off ours, for all providers or one; with --verdict, judge it.

    Each refresh compares our prices with readings: prices that others published within 30 days.  A verdict is shown on
    the site while both figures stay as they were judged, give or take 5 %; it changes no price.  Where the prices agree
    again, the disagreement is settled.

    \b
    Examples:
      build.py sources disagreements
      build.py sources disagreements nebius --all --json
      build.py sources disagreements --verdict ours 12 --by "Ada Byron" --reason "theirs is the GPU without its host"
    """
    if (by or reason) and not judged:
        raise click.UsageError("--by and --reason go with --verdict VERDICT NUMBER")
    if judged and not (by and reason):
        raise click.UsageError("a verdict needs a name and a reason: --by NAME --reason TEXT")
    if provider:
        named(run.providers(), [provider])
    with prepared(settings, quiet=as_json) as connection:
        if judged and by and reason:
            verdict, number = judged
            at = clocks.agreed(connection)
            whose, gpu = differing.judge(connection, number, verdict, by=by, at=at, reason=reason)
            say(f"Number {number} ({whose}, {gpu}) is judged: {verdict}.", quiet=as_json)
        found = differing.entries(connection, provider, everything=everything)
    if as_json:
        print_json([asdict(entry) for entry in found])
    elif not judged:
        _show(found, most)


def _show(found: list[Entry], most: int) -> None:
    if not found:
        say("No price that others published differs from ours.")
        return
    headings = ("number", "provider", "GPU", "pricing", "ours", "offer", "read at", "theirs", "by", "differs", "state")
    table(headings, [_row(entry) for entry in found[:most]])
    say_more(len(found), most)
    waiting = sum(entry.state == "open" for entry in found)
    say(f"{plural(waiting, 'disagreement')} to judge; US dollars per GPU-hour.")


def _row(entry: Entry) -> list[object]:
    return [
        entry.id,
        entry.provider,
        entry.gpu_slug,
        PRICING[entry.pricing_type],
        f"{money(entry.price_per_gpu_hour)} on {entry.observed_at:%Y-%m-%d}",
        f"{entry.instance_type} {entry.instance_region}".rstrip(),
        host_of(entry.source_url or ""),
        f"{money(entry.reading_price_per_gpu_hour)} on {entry.reading_observed_at:%Y-%m-%d}",
        f"{entry.reading_source}{_what(entry)}",
        percent(entry.ratio - 1, 0),
        _state(entry),
    ]


def _what(entry: Entry) -> str:
    """The machine size and place that the reading states."""
    stated = [f"{entry.gpu_count}x" if entry.gpu_count else "", entry.region]
    return f" ({', '.join(filter(None, stated))})" if any(stated) else ""


def _state(entry: Entry) -> str:
    if entry.verdict is None:
        return entry.state
    verdict = f"{entry.verdict}, by {entry.judged_by}: {entry.reason}"
    return f"{entry.state}: {verdict}" if entry.state == "judged" else f"{entry.state}; on other figures {verdict}"
