"""content: the words of the site, and which reviewed prose is live."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from generator import build as building
from generator import content as pages
from generator import guides
from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, pass_settings
from generator.commands.prepare import prepared
from generator.errors import BuildError
from generator.formats import plural
from generator.settings import Settings

reviewer_option = click.option("--reviewer", required=True, help="Who read the text and stands by it.")


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
@click.option("--type", "page_type", help="Only pages of this type, such as guide.")
@json_option
@pass_settings
def list_(settings: Settings, page_type: str | None, as_json: bool) -> None:
    """Every page with words of its own: type, who wrote it, whether it is live.

    \b
    Example:
      build.py content list --type guide
    """
    with prepared(settings, quiet=True) as connection:
        found = pages.states(connection, page_type)
    if as_json:
        print_json([asdict(state) for state in found])
    else:
        rows = [(one.slug, one.page_type, one.written_by, "live" if one.is_published else "draft") for one in found]
        table(("page", "type", "written by", "state"), rows)


@content.command()
@click.argument("slug")
@json_option
@pass_settings
def show(settings: Settings, slug: str, as_json: bool) -> None:
    """A page's words as they are stored.

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
def check(as_json: bool) -> None:
    """Read every guide; exit status 1 where one is broken.

    \b
    Example:
      build.py content check
    """
    reading = guides.read(_folder())
    if as_json:
        print_json([problem.message for problem in reading.problems])
    else:
        for problem in reading.problems:
            say(problem.message)
        drafts = [guide.slug for guide in reading.guides if not guide.is_approved]
        say(f"{plural(len(reading.guides), 'guide')} can be read; drafts: {', '.join(drafts) or 'none'}.")
    if reading.problems:
        raise click.exceptions.Exit(1)


@content.command()
@click.argument("slug")
@reviewer_option
@json_option
def approve(slug: str, reviewer: str, as_json: bool) -> None:
    """Write into a guide's file who reviewed it, today, and the hash of what was read.

    The next build publishes it; a later change of the text makes it a draft again.

    \b
    Example:
      build.py content approve one-gpu-or-a-node --reviewer "Jo Doe"
    """
    guide = guides.approve(_file(slug), reviewer, datetime.now(UTC).date())
    if as_json:
        print_json({name: getattr(guide, name) for name in ("slug", "reviewed_by", "reviewed_on", "reviewed_hash")})
    else:
        say(f"{guide.slug}: approved by {guide.reviewed_by} on {guide.reviewed_on} ({guide.reviewed_hash}).")


@content.command()
@click.argument("slug")
@reviewer_option
@json_option
@pass_settings
def publish(settings: Settings, slug: str, reviewer: str, as_json: bool) -> None:
    """Put a guide's present text live in this database, without a change to its file.

    \b
    Example:
      build.py content publish one-gpu-or-a-node --reviewer "Jo Doe"
    """
    guide, now = guides.read_one(_file(slug)), datetime.now(UTC)
    with prepared(settings, quiet=True) as connection:
        pages.publish(connection, guide, reviewer, now.date(), now)
    _tell(guide.slug, "published; build.py render puts it on the site", as_json=as_json, is_published=True)


@content.command()
@click.argument("slug")
@json_option
@pass_settings
def unpublish(settings: Settings, slug: str, as_json: bool) -> None:
    """Take a guide off the site, until it is published again or its text changes.

    \b
    Example:
      build.py content unpublish one-gpu-or-a-node
    """
    with prepared(settings, quiet=True) as connection:
        pages.unpublish(connection, f"guides/{_bare(slug)}")
    _tell(_bare(slug), "off the site at the next build.py render", as_json=as_json, is_published=False)


def _tell(slug: str, line: str, *, as_json: bool, is_published: bool) -> None:
    print_json({"slug": slug, "is_published": is_published}) if as_json else say(f"{slug}: {line}.")


def _folder() -> Path:
    return building.CONTENT / "guides"


def _file(slug: str) -> Path:
    files = {file.stem: file for file in sorted(_folder().glob("*.md"))}
    if _bare(slug) not in files:
        raise BuildError(f'content: no guide is called "{slug}" in {_folder()}; there are {", ".join(files) or "none"}')
    return files[_bare(slug)]


def _bare(slug: str) -> str:
    return slug.strip("/").removeprefix("guides/").removesuffix(".md")
