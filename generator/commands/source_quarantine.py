"""sources quarantine: list what is held back, and decide on it."""

from dataclasses import asdict

import click

from generator.commands.console import print_json, say, say_more, table
from generator.commands.options import json_option, most_option, pass_settings
from generator.commands.prepare import prepared
from generator.database import clocks
from generator.ingest import quarantine as held_back
from generator.ingest.quarantine import Decision, Entry
from generator.ingest.refresh import named
from generator.settings import Settings
from scrapers import run

_ANSWER = "the whole answer"
_RELEASE: tuple[Decision, str] = ("release_price", "released")
_REJECT: tuple[Decision, str] = ("keep_price_back", "rejected")


@click.command()
@click.argument("provider", required=False)
@click.option("--release", type=int, metavar="NUMBER", help="Publish this price, from the next answer that has it.")
@click.option("--reject", type=int, metavar="NUMBER", help="Hold this price back for as long as it is stated.")
@click.option("--by", metavar="NAME", help="Who decides; needed with --release and --reject.")
@click.option("--reason", help="Why; kept with the decision.")
@click.option("--all", "everything", is_flag=True, help="Also list what was released or withdrawn.")
@most_option
@json_option
@pass_settings
def quarantine(
    settings: Settings,
    provider: str | None,
    release: int | None,
    reject: int | None,
    by: str | None,
    reason: str | None,
    everything: bool,
    most: int,
    as_json: bool,
) -> None:
    """List what is held back, of all providers or of one; with --release or --reject, decide on one.

    The last good price of such an offer stays, with its date.  A price that jumped is released when a second answer
    agrees, half an hour later or more; one far from the market waits for you.  An answer with far more or far fewer
    offers than are stored is held back as a whole, until a second one has about as many, or you release it.

    \b
    Examples:
      build.py sources quarantine
      build.py sources quarantine vast-ai --all --json
      build.py sources quarantine --release 12 --by "Ada Byron" --reason "seen on the price page"
    """
    if release is not None and reject is not None:
        raise click.UsageError("--release and --reject are two decisions; expected one at a time")
    number = release if release is not None else reject
    if number is not None and not by:
        raise click.UsageError("a decision needs a name: --by NAME")
    if provider:
        named(run.providers(), [provider])
    with prepared(settings, quiet=as_json) as connection:
        if number is not None and by:
            decision, state = _RELEASE if release is not None else _REJECT
            at = clocks.agreed(connection)
            decided = held_back.decide(connection, number, decision, by=by, at=at, reason=reason)
            what = decided[1] or _ANSWER
            say(f"Number {number} ({decided[0]}, {what}) is {state}{_next(state, decided[0])}", quiet=as_json)
        found = held_back.entries(connection, provider, everything=everything)
    if as_json:
        print_json([asdict(entry) for entry in found])
    elif number is None:
        _show(found, most)


def _next(state: str, provider: str) -> str:
    if state == "rejected":
        return "."
    return f"; it is published with the next answer that has it: build.py refresh {provider} --force"


def _show(found: list[Entry], most: int) -> None:
    if not found:
        say("Nothing is held back.")
        return
    headings = ("number", "provider", "GPU", "rule", "figures", "shown", "since", "seen", "state")
    table(headings, [_row(entry) for entry in found[:most]])
    say_more(len(found), most)
    waiting = [entry.is_answer for entry in found if entry.state == "waiting"]
    counted = held_back.counted(waiting.count(False), waiting.count(True))
    say(f"{counted} waiting.  build.py sources captures --show HASH shows an answer.")


def _row(entry: Entry) -> list[object]:
    decided = f", by {entry.decided_by}" if entry.decided_by else ""
    return [
        entry.id,
        entry.provider,
        _ANSWER if entry.is_answer else entry.gpu_slug,
        entry.rule,
        f"{entry.detail} (answer {entry.capture[:12] if entry.capture else 'not kept'})",
        _stands(entry),
        f"{entry.first_seen_at:%Y-%m-%d %H:%M}",
        f"{entry.seen_n}x",
        f"{entry.state}{decided}",
    ]


def _stands(entry: Entry) -> str:
    if entry.is_answer:
        return "the last prices"
    return "nothing" if entry.standing_price is None else f"{entry.standing_price:.3f}"
