"""check: find what is wrong with a finished site."""

from dataclasses import asdict
from pathlib import Path

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, pass_settings
from generator.formats import plural
from generator.settings import Settings
from generator.site import checks


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@json_option
@pass_settings
def check(settings: Settings, folder: Path | None, as_json: bool) -> None:
    """Check a finished site: links, canonicals, titles, structured data, sitemaps.

    The exit status is 1 where there are errors; warnings alone leave it 0.

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
