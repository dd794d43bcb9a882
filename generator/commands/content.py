"""content: the words of the site, and which of them are live."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from generator import urls
from generator.commands.console import print_json, say, table
from generator.commands.options import WORDS, json_option, pass_settings
from generator.commands.prepare import prepared
from generator.database import clocks
from generator.errors import BuildError
from generator.formats import plural
from generator.prose import guides, methodology_versions
from generator.prose.guides import Guide
from generator.settings import Settings
from generator.site import content as pages
from generator.site import links, proofread, site_catalogue
from generator.site.content import ContentStatus
from scrapers.text_files import shown

slug_argument = click.argument("slug", type=WORDS)
reviewer_option = click.option("--reviewer", required=True, type=WORDS, help="Who read the text and stands by it.")


@click.group()
def content() -> None:
    """Guides and the words of generated pages.

    \b
    Examples:
      build.py content list --type guide
      build.py content approve sxm-pcie-nvl --reviewer "Jo Doe"
      build.py content publish sxm-pcie-nvl --reviewer "Jo Doe"
    """


@content.command("list")
@click.option("--type", "page_type", type=WORDS, help="Only pages of this type, such as guide.")
@json_option
@pass_settings
def list_(settings: Settings, page_type: str | None, as_json: bool) -> None:
    """List every page with words of its own: its type, its author, whether it is live, a draft, or waiting for a day.

    \b
    Example:
      build.py content list --type guide
    """
    with prepared(settings, quiet=True) as connection:
        found = pages.statuses(connection, page_type)
    if as_json:
        print_json([asdict(state) for state in found])
    else:
        rows = [(one.slug, one.page_type, one.written_by, _state(one)) for one in found]
        table(("page", "type", "written by", "state"), rows)


@content.command()
@slug_argument
@json_option
@pass_settings
def show(settings: Settings, slug: str, as_json: bool) -> None:
    """Show a page's words as they are stored.

    \b
    Example:
      build.py content show guides/sxm-pcie-nvl
    """
    with prepared(settings, quiet=True) as connection:
        found = pages.row(connection, slug.strip("/") or "home")
    if as_json:
        print_json(asdict(found))
    else:
        say(f"{found.title}\n{found.meta_description or ''}\n\n{found.content_markdown or ''}")


@content.command()
@json_option
@pass_settings
def check(settings: Settings, as_json: bool) -> None:
    """Read every guide and follow its links; exit status 1 where a guide or a link is broken.

    \b
    Example:
      build.py content check
    """
    reading = guides.read(_folder())
    problems = [problem.message for problem in reading.problems]
    problems += [line for lines in _dead_links(settings, reading.guides).values() for line in lines]
    if as_json:
        print_json(problems)
    else:
        for problem in problems:
            say(problem)
        drafts = [guide.slug for guide in reading.guides if not guide.is_approved]
        say(f"{plural(len(reading.guides), 'guide')} can be read; drafts: {', '.join(drafts) or 'none'}.")
    if problems:
        raise click.exceptions.Exit(1)


@content.command()
@slug_argument
@reviewer_option
@json_option
@pass_settings
def approve(settings: Settings, slug: str, reviewer: str, as_json: bool) -> None:
    """Write into a guide's file who reviewed it, today's date, and the hash of the text.

    The next build publishes it, not before its day (published_on); a later change of the text makes it a draft again.
    Says which of its links lead nowhere today.

    \b
    Example:
      build.py content approve one-gpu-or-a-node --reviewer "Jo Doe"
    """
    guide = guides.approve(_file(slug), reviewer, datetime.now(UTC).date())
    if as_json:
        print_json({name: getattr(guide, name) for name in ("slug", "reviewed_by", "reviewed_on", "reviewed_hash")})
    else:
        say(f"{guide.slug}: approved by {guide.reviewed_by} on {guide.reviewed_on} ({guide.reviewed_hash}).")
    _tell_dead_links(settings, guide.slug, quiet=as_json)


@content.command()
@slug_argument
@reviewer_option
@json_option
@pass_settings
def publish(settings: Settings, slug: str, reviewer: str, as_json: bool) -> None:
    """Publish a guide's present text in this database, without a change to its file.

    \b
    Example:
      build.py content publish one-gpu-or-a-node --reviewer "Jo Doe"
    """
    guide = guides.read_one(_file(slug))
    with prepared(settings, quiet=True) as connection:
        now = clocks.agreed(connection)
        pages.publish(connection, guide, reviewer, now.date(), now)
    _tell(guide.slug, "published; build.py render puts it on the site", as_json=as_json, is_published=True)
    _tell_dead_links(settings, guide.slug, quiet=as_json)


@content.command()
@slug_argument
@json_option
@pass_settings
def unpublish(settings: Settings, slug: str, as_json: bool) -> None:
    """Take a guide off the site, until it is published again or its text changes; says which pages link to it.

    \b
    Example:
      build.py content unpublish one-gpu-or-a-node
    """
    with prepared(settings, quiet=True) as connection:
        pages.unpublish(connection, f"guides/{_bare(slug)}")
        linking = links.linking_to(connection, urls.guide(_bare(slug)))
    _tell(_bare(slug), "taken off the site by the next build.py render", as_json=as_json, is_published=False)
    if linking:
        say(f"Links to it become plain text on {', '.join(linking)}.", quiet=as_json)


@content.command()
@json_option
def version(*, as_json: bool) -> None:
    """Publish the methodology's present text as its next version, whose text never changes again.

    \b
    Example:
      build.py content version
    """
    folder = site_catalogue.CONTENT
    text = guides.document(folder / "methodology.md")
    published = methodology_versions.publish(folder / "methodology", text, datetime.now(UTC).date())
    if as_json:
        print_json({"version": published.number, "published_on": published.published_on.isoformat()})
    else:
        say(f"The methodology is version {published.number}, published on {published.published_on}.")


def _state(one: ContentStatus) -> str:
    if one.is_published:
        return "live"
    return f"waiting for {one.waits_for}" if one.waits_for else "draft"


def _tell(slug: str, line: str, *, as_json: bool, is_published: bool) -> None:
    print_json({"slug": slug, "is_published": is_published}) if as_json else say(f"{slug}: {line}.")


def _tell_dead_links(settings: Settings, slug: str, *, quiet: bool) -> None:
    """Say which links of a guide lead nowhere.  The command is done by then: an error undoes nothing."""
    try:
        lines = _dead_links(settings, guides.read(_folder()).guides).get(urls.guide(slug), [])
    except BuildError as problem:
        lines = [f"{slug}: its links were not checked: {problem.message}"]
    for line in lines:
        say(line, quiet=quiet)


def _dead_links(settings: Settings, files: Sequence[Guide]) -> dict[str, list[str]]:
    """The lines about dead links, by page; none where there is no database yet that knows the pages."""
    if not settings.database_url and not (settings.data_dir / "postgres").exists():
        return {}
    with prepared(settings, quiet=True) as connection:
        return proofread.dead_links(connection, settings, files)


def _folder() -> Path:
    return site_catalogue.CONTENT / "guides"


def _file(slug: str) -> Path:
    files = {file.stem: file for file in guides.files(_folder())}
    if _bare(slug) not in files:
        known = ", ".join(map(shown, files)) or "none"
        raise BuildError(f'content: no guide is called "{slug}" in {shown(_folder())}; the guides are {known}')
    return files[_bare(slug)]


def _bare(slug: str) -> str:
    return slug.strip("/").removeprefix("guides/").removesuffix(".md")
