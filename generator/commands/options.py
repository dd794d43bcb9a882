"""Options that several commands share."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from generator import settings
from generator.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")
_SCHEDULER = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def pass_settings(command: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Pass the settings to a command, read when it runs, so that its --help works with broken ones too."""

    @wraps(command)
    def with_settings(*args: P.args, **kwargs: P.kwargs) -> R:
        return command(settings.load(), *args, **kwargs)

    return with_settings


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time; UTC where it states no zone."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The time, with its zone."""
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-08-22T12:00:00Z", param, ctx)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        if not _EARLIEST <= found < _LATEST:
            self.fail(f"{value!r} is not between {_EARLIEST.year} and {_LATEST.year}", param, ctx)
        return found


class Words(click.ParamType[str]):
    """A text of printable characters: no bytes of another encoding, no control characters."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is."""
        if not str(value).isprintable():
            self.fail(f"{value!a} has characters that can't be printed", param, ctx)
        return str(value)


class Place(click.ParamType[Path | str]):
    """A path, or the address of an object store."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """A path as such, an address as text."""
        text = str(value)
        if text and "://" not in text:
            return Path(text)
        if not text.startswith("s3://"):
            self.fail(f"{text!r} is neither a path nor an address such as s3://bucket/prefix", param, ctx)
        return text


class Scheduler(click.ParamType[str]):
    """The address of a Dask cluster's scheduler."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address as it is."""
        if not _SCHEDULER.fullmatch(str(value)):
            self.fail(f"{value!r} is not the address of a scheduler, such as tcp://10.0.0.5:8786", param, ctx)
        return str(value)


INSTANT = Instant()
WORDS = Words()
PLACE = Place()

MOST_DAYS = 36_500  # as far back as dates surely go

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for machines.")
out_option = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Output folder.  [default: site_output]"
)
source_option = click.option(
    "--source",
    type=click.Choice(["auto", "live", "recorded"]),
    default="auto",
    show_default=True,
    help="Live answers, recorded ones, or (auto) live with the recorded ones of providers that can't be reached.",
)
as_of_option = click.option(
    "--as-of", type=INSTANT, help="The instant to describe, instead of now; not before the newest price."
)
most_option = click.option(
    "--most", type=click.IntRange(min=1), default=50, show_default=True, help="How many to list; --json has all."
)
force_option = click.option("--force", is_flag=True, help="Also fetch providers confirmed within the hour.")
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="How many processes make pages; 1: this one alone.  [default: one for each processor, at most 8]",
)
allow_removals_option = click.option(
    "--allow-removals", is_flag=True, help="Take pages off the site even where they are more than a fifth."
)
allow_gates_option = click.option(
    "--allow-gates", is_flag=True, help="Let new code move over a fifth of a type's pages between indexable and not."
)
cluster_option = click.option(
    "--cluster", type=Scheduler(), help="Have a Dask cluster make the pages, such as tcp://10.0.0.5:8786."
)
