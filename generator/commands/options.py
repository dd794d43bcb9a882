"""Options that several commands share."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time; one without a zone is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware time."""
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-08-22T12:00:00Z", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


INSTANT = Instant()

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for machines.")
out_option = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Output folder.  [default: site_output]"
)
source_option = click.option(
    "--source",
    type=click.Choice(["auto", "live", "recorded"]),
    default="auto",
    show_default=True,
    help="Live answers, the recorded ones, or live with the recorded ones where nothing can be reached.",
)
as_of_option = click.option("--as-of", type=INSTANT, help="The instant the run describes, instead of now.")
force_option = click.option("--force", is_flag=True, help="Fetch also what was confirmed within the hour.")
