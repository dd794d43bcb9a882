"""refresh: bring the stored prices up to date."""

import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import click

from generator.commands import refresh_report
from generator.commands.console import print_json, say
from generator.commands.options import as_of_option, force_option, json_option, pass_settings, source_option
from generator.commands.prepare import prepared
from generator.database import db
from generator.database.clocks import stamp
from generator.formats import plural
from generator.ingest import quarantine
from generator.ingest import refresh as refreshing
from generator.ingest.disagreements import SecondOpinion
from generator.ingest.outcome import Options, Outcome, RefreshReport
from generator.settings import ROOT, Settings, key_variable

_NAMED = 5  # unknown GPU names that are listed for each provider
_NOT_ASKED = frozenset({"key_missing", "key_refused", "stated"})


@click.command()
@click.argument("providers", nargs=-1, metavar="[PROVIDER]...")
@source_option
@as_of_option
@force_option
@click.option(
    "--allow-failures", is_flag=True, help="Exit with 0 where only providers failed; sources report names them."
)
@json_option
@pass_settings
def refresh(
    settings: Settings,
    providers: tuple[str, ...],
    source: str,
    as_of: datetime | None,
    force: bool,
    allow_failures: bool,
    as_json: bool,
) -> None:
    """Bring the stored prices up to date, of all providers or of those named.

    A provider that fails keeps its last prices and is listed.  The exit status is 1 where an answer could not be
    used, or where a provider has no stored prices.

    \b
    Examples:
      build.py refresh
      build.py refresh runpod vast-ai --force
      build.py refresh --source recorded --json
    """
    options = Options(source, providers, force, as_of)  # type: ignore[arg-type]
    with prepared(settings, quiet=as_json) as connection, refresh_report.watching(quiet=as_json) as on_done:
        report = run(connection, settings, options, on_done)
    refresh_report.report(report.outcomes, quiet=as_json)
    tell(report, quiet=as_json)
    if as_json:
        print_json(as_dict(report))
    if report.failed and not allow_failures:
        raise click.exceptions.Exit(1)


def run(
    connection: db.Connection,
    settings: Settings,
    options: Options,
    on_done: refresh_report.OnDone | None = None,
) -> RefreshReport:
    """Refresh; `on_done` is called for each provider as it is done."""
    return refreshing.refresh(
        connection,
        options,
        keys=settings.provider_keys(),
        contact=settings.contact,
        version=version(),
        clock=lambda: datetime.now(UTC),
        on_done=on_done,
        further=_further(settings),
        is_clock_known=False,
    )


def _further(settings: Settings) -> list[dict[str, str]]:
    """The readings in the files that the settings name."""
    if not settings.readings:
        return []
    from generator.ingest import readings  # noqa: PLC0415 (imports the seeds' checks)

    return readings.read(settings.readings)


def tell(report: RefreshReport, *, quiet: bool) -> None:
    """Report a refresh in a few lines."""
    for line in _lines(report):
        say(line, quiet=quiet)


def as_dict(report: RefreshReport) -> dict[str, Any]:
    """The report, for machines."""
    return {**asdict(report), "failed": [one.provider for one in report.failed]}


def _lines(report: RefreshReport) -> Iterator[str]:
    if report.later_until:
        ahead = f"an earlier run's clock was ahead, and dated prices up to {stamp(report.later_until)}"
        yield f"Clock: {ahead}, which is in the future; live answers replace them."
    for state, text in (("live", "read live"), ("recorded", "read from recorded answers")):
        if group := [one for one in report.outcomes if one.state == state]:
            changed = sum(one.created + one.updated + one.deactivated for one in group)
            found = plural(sum(one.found for one in group), "offer")
            yield f"Prices: {plural(len(group), 'provider')} {text}: {found}, {changed:,} changed."
    yield from _held_back(report)
    yield from _second_opinion(report.second_opinion)
    if report.skipped:
        yield f"Prices: {plural(len(report.skipped), 'provider')} confirmed within the hour."
    yield from _absent(report)
    for one in report.failed:
        yield f"Failed: {one.problem}{_meanwhile(one)}"
    for one in report.outcomes:
        if one.unmapped:
            names = ", ".join(f'"{name}"' for name in one.unmapped[:_NAMED])
            more = f" and {one.unmapped_n - _NAMED:,} more" if one.unmapped_n > _NAMED else ""
            yield f"Unknown GPU names at {one.provider}: {names}{more}; add them or an alias to sql/seed/"


def _held_back(report: RefreshReport) -> Iterator[str]:
    answers = [one for one in report.outcomes if one.is_held_back]
    offers = sum(one.held_back for one in report.outcomes if not one.is_held_back)
    if offers or answers:
        yield f"Held back: {quarantine.counted(offers, len(answers))}; build.py sources quarantine lists them."


def _second_opinion(found: SecondOpinion) -> Iterator[str]:
    if found.apart or found.settled:
        counts = f"{found.new:,} new, {found.open:,} to judge, {found.settled:,} settled"
        differ, them = ("differs", "it") if found.apart == 1 else ("differ", "them")
        yield (
            f"Second opinion: {found.apart:,} of {plural(found.compared, 'price')} that others published too {differ} "
            f"by over 5 % ({counts}); build.py sources disagreements lists {them}."
        )


def _absent(report: RefreshReport) -> Iterator[str]:
    """Lines about providers that gave no answer, where nothing is wrong with them."""
    absent = sorted((one for one in report.outcomes if one.problem and not one.is_failure), key=attrgetter("provider"))
    keyless = [one for one in absent if one.error_code == "key_missing"]
    if stated := [one for one in absent if one.error_code == "stated"]:
        names = ", ".join(one.provider for one in stated)
        yield f"Stated rates, not fetched: {names}; {_stand_in(stated)}."
    for refused in (one for one in absent if one.error_code == "key_refused"):
        yield f"Not asked: {refused.problem}; {_stand_in([refused])}."
    if unreached := [one for one in absent if one.error_code not in _NOT_ASKED]:
        asked = sum(one.error_code not in _NOT_ASKED for one in report.outcomes)
        yield (
            f"Not reached: {len(unreached)} of {plural(asked, 'provider')}; {_stand_in(unreached)}. "
            f"The first: {unreached[0].problem}"
        )
    if keyless:
        names = ", ".join(key_variable(one.provider) for one in keyless)
        yield f"Not asked: {plural(len(keyless), 'provider')} without a key; {_stand_in(keyless)}. To ask, set {names}"


def _stand_in(absent: list[Outcome]) -> str:
    """What the providers' pages show instead."""
    texts = {"recorded": "recorded answers stand in", "kept": "their last prices stay", "none": "nothing is stored"}
    states = [one.state for one in absent]
    found = [(states.count(state), text) for state, text in texts.items() if state in states]
    return found[0][1] if len(found) == 1 else ", ".join(f"{text} for {count}" for count, text in found)


def _meanwhile(failed: Outcome) -> str:
    return {"kept": " (its last prices stay)", "none": " (none of its prices are stored)"}.get(failed.state, "")


def version() -> str:
    """The commit of this checkout; "" outside of one, or without git."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
