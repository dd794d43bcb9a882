"""refresh, render, check, serve, and the whole job."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from generator import build as building
from generator import checks, db, migrations, seeds, urls
from generator import refresh as refreshing
from generator import serve as serving
from generator.commands.console import print_json, progress, say, table
from generator.commands.options import as_of_option, force_option, json_option, out_option, source_option
from generator.formats import day, plural
from generator.settings import ROOT, Settings


def whole_job(
    settings: Settings, source: str, as_of: datetime | None, *, force: bool, out: Path | None, as_json: bool
) -> None:
    """Refresh, then render."""
    with prepared(settings, quiet=as_json) as connection:
        options = refreshing.Options(source=source, force=force, as_of=as_of)  # type: ignore[arg-type]
        refreshed = _refresh(connection, settings, options, quiet=as_json)
        built = _render(connection, settings, out, full=False, quiet=as_json)
    if as_json:
        print_json({"refresh": _refreshed(refreshed), "build": _built(built)})
    else:
        say(f"Look at it: make serve, then open {settings.site_url}/ (or open {_shown(built.output_dir)}/index.html)")


@click.command()
@click.argument("providers", nargs=-1, metavar="[PROVIDER]...")
@source_option
@as_of_option
@force_option
@json_option
@click.pass_obj
def refresh(
    settings: Settings, providers: tuple[str, ...], source: str, as_of: datetime | None, force: bool, as_json: bool
) -> None:
    r"""Bring the stored prices up to date, of all providers or of those named.

    A provider that fails keeps its last prices and is listed.  The exit status is 1 where an answer could not be
    used, or where nothing is stored for a provider.

    \b
    Examples:
      build.py refresh
      build.py refresh runpod vast-ai --force
      build.py refresh --source recorded --json
    """
    options = refreshing.Options(source, providers, force, as_of)  # type: ignore[arg-type]
    with prepared(settings, quiet=as_json) as connection:
        report = _refresh(connection, settings, options, quiet=as_json)
    if as_json:
        print_json(_refreshed(report))
    if report.failed:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--full", is_flag=True, help="Make every page and compare every file, whatever is known of them.")
@out_option
@json_option
@click.pass_obj
def render(settings: Settings, full: bool, out: Path | None, as_json: bool) -> None:
    r"""Render what changed since the last build, as of the last refresh.

    \b
    Examples:
      build.py render
      build.py render --full --out /tmp/site
    """
    with prepared(settings, quiet=as_json) as connection:
        report = _render(connection, settings, out, full=full, quiet=as_json)
    if as_json:
        print_json(_built(report))


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@json_option
@click.pass_obj
def check(settings: Settings, folder: Path | None, as_json: bool) -> None:
    r"""Check a finished site: links, canonicals, titles, structured data, sitemaps.

    The exit status is 1 where something does not hold together; warnings alone leave it 0.

    \b
    Examples:
      build.py check
      build.py check /tmp/site --json
    """
    found = checks.check(folder or settings.output_dir, settings.site_url)
    errors = [finding for finding in found if finding.severity == "error"]
    if as_json:
        print_json([asdict(finding) for finding in found])
    else:
        table(("page", "rule", "what is wrong"), [(one.path, one.rule, one.message) for one in found])
        say(f"{plural(len(errors), 'error')}, {plural(len(found) - len(errors), 'warning')}.")
    if errors:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@out_option
@click.pass_obj
def serve(settings: Settings, port: int, host: str, out: Path | None) -> None:
    r"""Serve the output folder, to look at it; not a production server.

    \b
    Example:
      build.py serve --port 8080
    """
    serving.serve(out or settings.output_dir, host, port, urls.base_path(settings.site_url), say)


@click.command()
@click.option("--gpus", type=click.IntRange(3), default=100, show_default=True, help="How many GPUs are made up.")
@click.option("--providers", type=click.IntRange(3), default=50, show_default=True, help="How many providers.")
@json_option
def bench(gpus: int, providers: int, as_json: bool) -> None:
    r"""Measure builds of a made-up catalogue: in full, without a change, with one changed price.

    Times are of this machine, now; compare the ratios.

    \b
    Example:
      build.py bench --gpus 300 --providers 100
    """
    from generator.bench import measure  # noqa: PLC0415 (nothing else needs it)

    found = measure(gpus, providers)
    if as_json:
        print_json(asdict(found))
        return
    rows = [
        ("full build", found.full, f"{found.pages_per_second:,.0f} pages/s"),
        (
            "writing the same bytes, nothing else",
            found.writing,
            f"1/{found.full / found.writing:.0f} of the full build",
        ),
        ("no change", found.unchanged, f"1/{found.full / found.unchanged:.0f}"),
        (
            "one price changed",
            found.one_changed,
            f"1/{found.full / found.one_changed:.0f}, {found.pages_made_again} pages made",
        ),
    ]
    say(f"{plural(found.pages, 'page')}, {found.bytes / found.pages / 1000:.1f} kB each.")
    table(("", "seconds", "ratio"), [(name, f"{seconds:.2f}", ratio) for name, seconds, ratio in rows])


@contextmanager
def prepared(settings: Settings, *, quiet: bool) -> Iterator[db.Connection]:
    """A connection to a database that is migrated and seeded."""
    conninfo = db.url(settings)
    applied = migrations.migrate(conninfo)
    if applied:
        say(f"Database: {plural(len(applied), 'migration')} applied, up to {applied[-1]}.", quiet=quiet)
    with db.connect(conninfo) as connection:
        seeded = seeds.seed(connection)
        seeds.exchange_rates(connection)
        connection.commit()
        if seeded.changed:
            say(f"Seeds: {seeded}.", quiet=quiet)
        yield connection


def _refresh(
    connection: db.Connection, settings: Settings, options: refreshing.Options, *, quiet: bool
) -> refreshing.RefreshReport:
    done: list[str] = []
    with progress("Refreshing") as advance:

        def on_done(outcome: refreshing.Outcome, total: int) -> None:
            done.append(outcome.provider)
            advance(len(done), total, outcome.provider)

        report = refreshing.refresh(
            connection,
            options,
            keys=settings.provider_keys(),
            contact=settings.contact,
            version=_version(),
            clock=lambda: datetime.now(UTC),
            on_done=on_done,
        )
    _tell_refresh(report, quiet=quiet)
    return report


def _tell_refresh(report: refreshing.RefreshReport, *, quiet: bool) -> None:
    by_state = {
        state: [one for one in report.outcomes if one.state == state]
        for state in ("live", "recorded", "kept", "failed")
    }
    for state, text in (
        ("live", "read live"),
        ("recorded", "read from recorded answers"),
        ("kept", "kept their last prices"),
    ):
        if group := by_state[state]:
            changed = sum(one.created + one.updated + one.deactivated for one in group)
            found = plural(sum(one.found for one in group), "offer")
            figures = "" if state == "kept" else f": {found}, {changed} changed"
            say(f"Prices: {plural(len(group), 'provider')} {text}{figures}.", quiet=quiet)
    if report.skipped:
        say(f"Prices: {plural(len(report.skipped), 'provider')} confirmed within the hour.", quiet=quiet)
    unreached = [one for one in report.outcomes if one.problem and not one.was_reached and one.state != "failed"]
    if unreached:
        say(
            f"Not reached: {plural(len(unreached), 'provider')}, the first of them: {unreached[0].problem}", quiet=quiet
        )
    for one in report.failed:
        say(f"Failed: {one.problem}", quiet=quiet)
    for one in report.outcomes:
        if one.unmapped:
            names = ", ".join(f'"{name}"' for name in one.unmapped[:5])
            say(f"Unknown GPU names at {one.provider}: {names}; add them or an alias to sql/seed/", quiet=quiet)


def _render(
    connection: db.Connection, settings: Settings, out: Path | None, *, full: bool, quiet: bool
) -> building.BuildReport:
    with progress("Rendering") as advance:
        report = building.build(
            connection,
            settings,
            out or settings.output_dir,
            full=full,
            progress=lambda number, total: advance(number, total, ""),
        )
    for problem in report.problems:
        say(f"Content: {problem}", quiet=quiet)
    written, kind = report.written, "recorded prices" if report.is_all_recorded else "live prices"
    say(
        f"Site: {plural(report.pages_n, 'page')} in {_shown(report.output_dir)}, as of {day(report.as_of)} ({kind}); "
        f"{report.rendered} made, {plural(written.changed, 'file')} changed, {written.removed} removed.",
        quiet=quiet,
    )
    return report


def _refreshed(report: refreshing.RefreshReport) -> dict[str, Any]:
    return {**asdict(report), "failed": [one.provider for one in report.failed]}


def _built(report: building.BuildReport) -> dict[str, Any]:
    return {**asdict(report), "pages_n": report.pages_n}


def _shown(folder: Path) -> str:
    """A folder as a person in the project's folder would name it."""
    return str(folder.relative_to(ROOT)) if folder.is_relative_to(ROOT) else str(folder)


def _version() -> str:
    """The commit of this checkout, "" outside of one."""
    found = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip()
