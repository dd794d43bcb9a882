"""render: make the site from the database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from generator.commands.console import print_json, progress, say
from generator.commands.options import (
    allow_gates_option,
    allow_removals_option,
    cluster_option,
    jobs_option,
    json_option,
    out_option,
    pass_settings,
)
from generator.commands.prepare import prepared
from generator.database import db
from generator.formats import day, plural
from generator.output import write
from generator.publishing.made import put_made
from generator.publishing.stores import is_address, store_at
from generator.settings import ROOT, Settings
from generator.site import build as building
from generator.site.report import BuildReport

_LISTED = 50


@click.command()
@click.option("--full", is_flag=True, help="Make every page and compare every file.")
@click.option("--verify", is_flag=True, help="Compare every file with what was built; make again what differs.")
@allow_removals_option
@allow_gates_option
@jobs_option
@cluster_option
@click.option(
    "--put", metavar="DESTINATION", help="With --cluster: its workers put new files into this store, for publish."
)
@out_option
@json_option
@pass_settings
def render(
    settings: Settings,
    full: bool,
    verify: bool,
    allow_removals: bool,
    allow_gates: bool,
    jobs: int | None,
    cluster: str | None,
    put: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Render what changed since the last build, as of the last refresh.

    Pages that have read something that moved are looked at; those that would show something else are made again.  A
    build that would take more than a fifth of the pages off the site stops, and leaves it as it was; so does one whose
    new code would move over a fifth of a type's pages between indexable and not.

    \b
    Examples:
      build.py render
      build.py render --verify                  after a crash, or an edit by hand
      build.py render --full --out /tmp/site
      build.py render --jobs 1                  with the least memory
      build.py render --allow-removals          a provider is gone for good
      build.py render --cluster tcp://10.0.0.5:8786
      build.py render --cluster tcp://10.0.0.5:8786 --put s3://bucket/prefix
    """
    putting = _putting(settings, cluster, put) if put else None
    write.finish(out or settings.output_dir)
    options = building.Options(
        full=full,
        verify=verify,
        allow_removals=allow_removals,
        allow_gates=allow_gates,
        jobs=jobs,
        cluster=cluster,
        put=putting,
    )
    with prepared(settings, quiet=as_json) as connection:
        report = run(connection, settings, out, options, quiet=as_json)
    if as_json:
        print_json(as_dict(report))


def _putting(settings: Settings, cluster: str | None, destination: str) -> Callable[[dict[str, bytes]], None]:
    """What puts the files that a worker made into the store."""
    if not cluster or not is_address(destination):
        raise click.UsageError(
            "--put is for the workers of a --cluster, and takes an address such as s3://bucket/prefix"
        )
    access = settings.store_access()
    store_at(destination, access, ())  # refuses a wrong address now
    return partial(put_made, destination, access)


def run(
    connection: db.Connection, settings: Settings, out: Path | None, options: building.Options, *, quiet: bool
) -> BuildReport:
    """Render, show the progress, and report."""
    with progress("Rendering") as advance:
        report = building.build(
            connection,
            settings,
            out or settings.output_dir,
            options,
            progress=lambda number, total: advance(number, total, ""),
        )
    for line in report.found:
        say(f"Output folder: {line}.", quiet=quiet)
    for problem in listed(report.problems):
        say(f"Content: {problem}", quiet=quiet)
    kind = "recorded prices" if report.is_all_recorded else "live prices"
    say(
        f"Site: {plural(report.pages_n, 'page')} in {_shown(report.output_dir)}, as of {day(report.as_of)} ({kind}); "
        f"{done(report)}.",
        quiet=quiet,
    )
    return report


def done(report: BuildReport) -> str:
    """What a build did to its pages and files: "412 looked at, 25 made, 3 of them with the same bytes, ..."."""
    some = "" if report.same == report.rendered else f"{report.same:,} of them "
    same = f", {some}with the same bytes" if report.same else ""
    return (
        f"{report.looked_at:,} looked at, {report.rendered:,} made{same}, "
        f"{plural(report.written.changed, 'file')} changed, {report.written.removed:,} removed"
    )


def listed(problems: Sequence[str]) -> Iterator[str]:
    """The first problems, and how many more there are."""
    yield from problems[:_LISTED]
    if len(problems) > _LISTED:
        yield f"... and {plural(len(problems) - _LISTED, 'more problem')}; --json lists them all"


def as_dict(report: BuildReport) -> dict[str, Any]:
    """The report, for machines."""
    return {**asdict(report), "pages_n": report.pages_n}


def _shown(folder: Path) -> str:
    """A folder's path, relative where it is inside the project."""
    return str(folder.relative_to(ROOT)) if folder.is_relative_to(ROOT) else str(folder)
