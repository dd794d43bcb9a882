"""sources: where prices come from, and what of them is not understood."""

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
from generator.database import db
from generator.settings import Settings, key_variable
from scrapers import captures, run


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """A provider's last run."""

    slug: str
    offers_n: int
    confirmed_at: datetime | None
    is_recorded: bool | None
    status: str | None
    error_message: str | None


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A GPU name that means no known GPU."""

    provider: str
    gpu_name: str
    gpu_memory_gb: Decimal | None
    example_instance_type: str | None
    offers: int
    last_seen_at: datetime


@click.group()
def sources() -> None:
    """The providers' answers, and what of them is not understood.

    \b
    Examples:
      build.py sources list
      build.py sources probe runpod
      build.py sources captures runpod --replay --dry-run
      build.py sources quarantine
      build.py sources disagreements
      build.py sources unmapped
      build.py sources regions --unknown
    """


for _command in (probe, captures_command, names, quarantine, disagreements, regions):
    sources.add_command(_command)


@sources.command("list")
@json_option
@pass_settings
def list_(settings: Settings, as_json: bool) -> None:
    """Every provider that is read: kind of source, offers stored, last confirmation, last run.

    \b
    Example:
      build.py sources list --json
    """
    with prepared(settings, quiet=True) as connection:
        states = {state.slug: state for state in db.rows(connection, "provider_summaries", ProviderSummary)}
    found = [_row(module, states) for module in run.providers()]
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
    """GPU names that mean no known GPU: add a row or an alias to sql/seed/, then refresh.

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
        table(headings, [list(asdict(name).values()) for name in found[:most]])
        say_more(len(found), most)
    else:
        say("Every GPU name is known.")


def _row(module: run.ProviderModule, states: dict[str, ProviderSummary]) -> dict[str, object]:
    provider = module.PROVIDER
    state, recording = states.get(provider.slug), captures.recording(provider.slug)
    ran = (state.error_message or state.status or "never") if state else "never"
    return {
        "provider": provider.slug,
        "source": provider.source_class + (f", key in {key_variable(provider.slug)}" if provider.needs_key else ""),
        "offers": state.offers_n if state else 0,
        "confirmed": (state.confirmed_at.date() if state and state.confirmed_at else ""),
        "last_run": ran + (" (recorded)" if state and state.is_recorded else ""),
        "recording": _dated(recording),
    }


def _dated(recording: captures.Recording | None) -> str:
    if recording is None:
        return ""
    return f"{recording.recorded_at.date()}" if recording.is_dated else "undated"
