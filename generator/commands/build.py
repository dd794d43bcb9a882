"""build.py without a command: the whole job, refresh and render."""

from datetime import datetime
from pathlib import Path

import click

from generator.commands import refresh, refresh_report, render
from generator.commands.console import print_json, say
from generator.commands.prepare import prepared
from generator.ingest.outcome import Options
from generator.output import write
from generator.settings import Settings
from generator.site.build import Options as Rendering


def whole_job(
    settings: Settings,
    source: str,
    as_of: datetime | None,
    out: Path | None,
    *,
    force: bool,
    allow_removals: bool,
    allow_gates: bool,
    jobs: int | None,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Refresh, then render.

    A provider that failed is named and stops nothing; it makes the exit status 1 only with --source live or recorded.
    """
    write.finish(out or settings.output_dir)
    with prepared(settings, quiet=as_json) as connection:
        options = Options(source=source, force=force, as_of=as_of)  # type: ignore[arg-type]
        with refresh_report.watching(quiet=as_json) as on_done:
            refreshed = refresh.run(connection, settings, options, on_done)
        refresh.tell(refreshed, quiet=as_json)
        rendering = Rendering(allow_removals=allow_removals, allow_gates=allow_gates, jobs=jobs, cluster=cluster)
        built = render.run(connection, settings, out, rendering, quiet=as_json)
    if as_json:
        print_json({"refresh": refresh.as_dict(refreshed), "build": render.as_dict(built)})
    else:
        say(f"Look at it: {'make serve' if out is None else f'build.py serve --out {out}'}")
    if refreshed.failed and source != "auto":
        raise click.exceptions.Exit(1)
