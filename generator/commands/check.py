"""check: find what is wrong with a finished site."""

from dataclasses import asdict
from pathlib import Path

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, pass_settings
from generator.formats import plural
from generator.settings import Settings
from generator.site import checks
from generator.site.whole_site import TypeFigures

_FIGURES = ("indexable", "pages", "bytes", "clicks", "links in", "words alike", "figures alike")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@json_option
@pass_settings
def check(settings: Settings, folder: Path | None, as_json: bool) -> None:
    """Check a finished site: links, canonicals, titles, structured data, sitemaps, how alike pages are.

    Errors are what a build would refuse, warnings are rules that are not kept; the exit status is 1 where there are
    any.  The figures are of each type's indexable pages, the worst of each kind.

    \b
    Examples:
      build.py check
      build.py check /tmp/site --json
    """
    checked = checks.checked(folder or settings.output_dir, settings.site_url)
    found, figures = checked.findings, checked.figures
    errors = [finding for finding in found if finding.severity == "error"]
    if as_json:
        print_json({"findings": [asdict(finding) for finding in found], "figures": [one._asdict() for one in figures]})
    else:
        if figures:
            table(_FIGURES, [_row(one) for one in figures])
        if found:
            table(("page", "rule", "what is wrong"), [(one.path, one.rule, one.message) for one in found])
        pages = plural(sum(one.pages for one in figures), "indexable page")
        say(f"{pages}; {plural(len(errors), 'error')}, {plural(len(found) - len(errors), 'warning')}.")
    if found:
        raise click.exceptions.Exit(1)


def _row(one: TypeFigures) -> tuple[str, ...]:
    counts = one.pages, one.most_bytes, one.most_clicks, one.fewest_links_in
    return (one.page_type, *(f"{count:,}" for count in counts), f"{one.words_alike:.2f}", f"{one.facts_alike:.2f}")
