"""content: drafts that are generated, and what the checks find in drafts."""

import webbrowser
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import click

from generator.commands.console import print_json, say
from generator.commands.desk_options import actor_option, at_desk, page_of
from generator.commands.options import WORDS, json_option, pass_settings
from generator.database import db
from generator.desk import preview_site, reading, revisions, states
from generator.desk.drafts import Draft, Finding
from generator.desk.generators.generate import Generated, Generator, Order, pages_of
from generator.desk.sarif import sarif
from generator.desk.today import today
from generator.errors import BuildError
from generator.formats import plural
from generator.settings import Settings
from generator.site.serve import cannot_listen

FORMATS = ("text", "json", "sarif")


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...", type=WORDS)
@click.option("--type", "page_type", type=WORDS, help="All pages of this type, such as gpu_detail.")
@click.option("--llm", "by_model", is_flag=True, help="By the language model of the settings, where one is set.")
@click.option("--changed", is_flag=True, help="Only pages that have a draft, whose facts moved since.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many pages.")
@click.option("--dry-run", is_flag=True, help="Store nothing; say what would be drafted.")
@actor_option
@json_option
@pass_settings
def generate(
    settings: Settings,
    slugs: tuple[str, ...],
    page_type: str | None,
    by_model: bool,
    changed: bool,
    limit: int,
    dry_run: bool,
    actor: str,
    as_json: bool,
) -> None:
    """Draft pages from their own sentences, with bindings in place of figures; nothing is published.

    A page whose facts are those of its last draft gets none.  A site's template text needs no review: ask only for
    pages that you mean to edit.

    \b
    Examples:
      build.py content generate gpu/h100-sxm --actor jo
      build.py content generate --type gpu_detail --limit 5 --dry-run
      build.py content generate --changed --llm --actor jo
    """
    if not slugs and not page_type and not changed:
        raise click.UsageError("expected pages to draft: their slugs, --type TYPE, or --changed")
    with at_desk(settings) as (connection, now):
        wanted = slugs or (_drafted(connection) if changed else ())
        order = Order(actor, now, settings if by_model else None, dry_run)
        with today(connection, settings) as (catalogue, site):
            maker = Generator(connection, catalogue, site, order)
            pages = list(pages_of(catalogue, page_type, wanted))[:limit]
            found = [_drafting(maker, *one, quiet=as_json) for one in pages]
    if as_json:
        print_json([asdict(one) for one in found])
        return
    drafted = sum(one.outcome == "drafted" for one in found)
    unchanged = sum(one.outcome == "unchanged" for one in found)
    refused = len(found) - drafted - unchanged
    would = "would be drafted" if dry_run else "drafted"
    say(f"{plural(drafted, 'page')} {would}, {unchanged} unchanged, {refused} refused.")


@click.command()
@click.argument("slug", required=False, type=WORDS)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port.  [default: a free one]")
@click.option("--no-browser", is_flag=True, help="Open no browser; only say the address.")
@pass_settings
def preview(settings: Settings, slug: str | None, port: int, no_browser: bool) -> None:
    """Show the whole site with all drafts in it, on this machine alone, until Ctrl-C; nothing is written.

    \b
    Examples:
      build.py content preview
      build.py content preview gpu/h100-sxm --port 8100 --no-browser
    """
    try:
        listening = preview_site.server(port)
    except OSError as error:
        raise cannot_listen(error, preview_site.HOST, port) from None
    with listening:
        address = f"http://{preview_site.HOST}:{listening.server_address[1]}"
        with at_desk(settings) as (connection, _):
            page = page_of(connection, slug) if slug else "home"
            made = _preview_of(connection, settings, address)
        for problem in made.problems:
            say(problem)
        address += made.path_of(page)
        preview_site.shows(listening, made)
        say(f"The preview is at {address} (Ctrl-C ends it)")
        if not no_browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            listening.serve_forever()


def _preview_of(connection: db.Connection, settings: Settings, address: str) -> preview_site.PreviewSite:
    drafts = [revisions.revision(connection, one.slug).draft for one in states.states(connection)]
    connection.commit()
    with today(connection, settings) as (catalogue, site):
        catalogue.read_everything()  # the connection ends before the first page is asked for
        return preview_site.PreviewSite(catalogue, site, drafts, address)


def _drafting(maker: Generator, slug: str, planned: Any, *, quiet: bool) -> Generated:
    found = maker.draft(slug, planned)
    reasons = f": {'; '.join(found.reasons[:3])}" if found.reasons else ""
    number = f" as revision {found.number}" if found.number else ""
    say(f"{slug}: {found.outcome}{number}{reasons}", quiet=quiet)
    return found


def _drafted(connection: db.Connection) -> tuple[str, ...]:
    found = tuple(one.slug for one in states.states(connection) if one.kind in {"template", "llm"})
    connection.commit()
    if not found:
        raise BuildError("no page has a generated draft yet; expected build.py content generate SLUG")
    return found


def check_drafts(settings: Settings, slug: str | None, format_: str) -> bool:
    """Check a page's newest revision, or all, with today's data, and say what is found; whether something blocks."""
    with at_desk(settings) as (connection, _):
        slugs = [page_of(connection, slug)] if slug else [one.slug for one in states.states(connection)]
        drafts = [revisions.revision(connection, one).draft for one in slugs]
        connection.commit()
        with today(connection, settings) as (catalogue, site):
            found = [
                (draft, reading.read(catalogue, draft, site, revisions.others(connection, draft)).findings)
                for draft in drafts
            ]
    if format_ == "sarif":
        print_json(sarif(found))
    elif format_ == "json":
        print_json([{"slug": draft.slug, **asdict(finding)} for draft, findings in found for finding in findings])
    else:
        _say(found)
    return any(finding.severity == "block" for _, findings in found for finding in findings)


def _say(found: list[tuple[Draft, tuple[Finding, ...]]]) -> None:
    for draft, findings in found:
        for finding in findings:
            at = f"{finding.place} {finding.start}" if finding.end else finding.place
            say(f"{draft.slug}: {finding.severity} {finding.rule} ({at}): {finding.message}")
    blocked = sum(any(one.severity == "block" for one in findings) for _, findings in found)
    say(f"{plural(len(found), 'draft')} checked; {blocked} with a finding that blocks.")
