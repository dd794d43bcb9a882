"""sources: the providers' answers, and what in them is unknown, held back or contradicted."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

import click

from generator.commands.console import print_json, say, say_more, table
from generator.commands.options import json_option, most_option, pass_settings
from generator.commands.prepare import prepared
from generator.commands.source_captures import captures as captures_command
from generator.commands.source_disagreements import disagreements
from generator.commands.source_names import names
from generator.commands.source_probe import probe
from generator.commands.source_quarantine import quarantine
from generator.commands.source_regions import regions
from generator.commands.source_report import report
from generator.database import db
from generator.settings import Settings, key_variable
from scrapers import captures, run


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """What is stored of a provider, and how its last run went."""

    slug: str
    offers_n: int
    confirmed_at: datetime | None
    is_recorded: bool | None
    status: str | None
    error_message: str | None


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A GPU name that is unknown."""

    provider: str
    gpu_name: str
    gpu_memory_gb: Decimal | None
    example_instance_type: str | None
    offers: int
    last_seen_at: datetime


@click.group()
def sources() -> None:
    """The providers' answers, and what in them is unknown, held back or contradicted.

    \b
    Examples:
      build.py sources list
      build.py sources probe runpod
      build.py sources captures runpod --replay --dry-run
      build.py sources quarantine
      build.py sources disagreements
      build.py sources unmapped
      build.py sources regions --unknown
      build.py sources report
    """


for _command in (probe, captures_command, names, quarantine, disagreements, regions, report):
    sources.add_command(_command)


@sources.command("list")
@json_option
@pass_settings
def list_(settings: Settings, as_json: bool) -> None:
    """List every provider: kind of source, offers stored, last confirmation, last run.

    \b
    Example:
      build.py sources list --json
    """
    with prepared(settings, quiet=True) as connection:
        summaries = {one.slug: one for one in db.rows(connection, "provider_summaries", ProviderSummary)}
    found = [_row(module, summaries.get(module.PROVIDER.slug)) for module in run.providers()]
    if as_json:
        print_json(found)
    else:
        table(
            ("provider", "source", "offers", "confirmed", "last run", "recording"),
            [list(row.values()) for row in found],
        )


@sources.command()
@most_option
@json_option
@pass_settings
def unmapped(settings: Settings, most: int, as_json: bool) -> None:
    """List unknown GPU names: add the GPU or an alias to sql/seed/, then refresh.

    \b
    Example:
      build.py sources unmapped
    """
    with prepared(settings, quiet=True) as connection:
        found = db.rows(connection, "unmapped_names", Unmapped)
    if as_json:
        print_json([asdict(name) for name in found])
    elif found:
        headings = ("provider", "GPU name", "GB", "for example", "offers", "last seen")
        rows = ({**asdict(name), "last_seen_at": name.last_seen_at.date()} for name in found[:most])
        table(headings, [list(row.values()) for row in rows])
        say_more(len(found), most)
    else:
        say("Every GPU name is known.")


def _row(module: run.ProviderModule, summary: ProviderSummary | None) -> dict[str, object]:
    provider = module.PROVIDER
    recording = captures.recording(provider.slug)
    ran = (summary.error_message or summary.status or "never") if summary else "never"
    return {
        "provider": provider.slug,
        "source": provider.source_class + (f", key in {key_variable(provider.slug)}" if provider.needs_key else ""),
        "offers": summary.offers_n if summary else 0,
        "confirmed": (summary.confirmed_at.date() if summary and summary.confirmed_at else ""),
        "last_run": ran + (" (recorded)" if summary and summary.is_recorded else ""),
        "recording": _dated(recording),
    }


def _dated(recording: captures.Recording | None) -> str:
    if recording is None:
        return ""
    return f"{recording.recorded_at.date()}" if recording.is_dated else "undated"
