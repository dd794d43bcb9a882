"""content: the words of the site, and which of them are live."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.commands import content_audit, content_drafts, content_states, content_texts
from generator.commands.console import print_json, say, table
from generator.commands.desk_options import actor_option, comment_option, revision_option, slug_argument
from generator.commands.options import WORDS, json_option, pass_settings
from generator.commands.prepare import prepared
from generator.database import clocks, db
from generator.desk import states
from generator.errors import BuildError
from generator.formats import plural
from generator.prose import methodology_versions, reviewed
from generator.prose.texts import KINDS, ReviewedText
from generator.settings import Settings
from generator.site import content as pages
from generator.site import links, proofread, site_catalogue
from generator.site.content import ContentStatus
from scrapers.text_files import shown

reviewer_option = click.option("--reviewer", type=WORDS, help="Who read the file's text and stands by it.")


@click.group()
def content() -> None:
    """Guides, texts about workloads, and the words of generated pages.

    \b
    Examples:
      build.py content list --type guide
      build.py content edit guides/spot --actor jo
      build.py content approve guides/spot --publish --actor kim
      build.py content publish sxm-pcie-nvl --reviewer "Jo Doe"
    """


@content.command("list")
@click.option("--type", "page_type", type=WORDS, help="Only pages of this type, such as guide.")
@click.option("--state", type=click.Choice(states.STATES), help="Only pages whose newest revision is that.")
@click.option("--stale", is_flag=True, help="Only pages whose live text no longer holds.")
@json_option
@pass_settings
def list_(settings: Settings, page_type: str | None, state: str | None, stale: bool, as_json: bool) -> None:
    """List every page with words of its own: its type, its author, whether it is live, a draft, or waiting for a day.

    \b
    Examples:
      build.py content list --type guide
      build.py content list --state in_review
    """
    with prepared(settings, quiet=True) as connection:
        found = [
            one
            for one in pages.statuses(connection, page_type)
            if (state is None or one.state == state) and (not stale or one.stale_reasons)
        ]
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        rows = [(one.slug, one.page_type, one.written_by, _state(one)) for one in found]
        table(("page", "type", "written by", "state"), rows)


@content.command()
@click.argument("slug", required=False, type=WORDS)
@click.option("--all", "every", is_flag=True, help="Every page's newest revision, with today's data.")
@click.option("--format", "format_", type=click.Choice(content_drafts.FORMATS), default="text", show_default=True)
@json_option
@pass_settings
def check(settings: Settings, slug: str | None, every: bool, format_: str, as_json: bool) -> None:
    """Check a page's newest revision with today's data; without a page, read the files of content/ and their links.

    Exit status 1 where something blocks or is broken.  SARIF is what code hosts show beside the lines of a text.

    \b
    Examples:
      build.py content check
      build.py content check guides/spot
      build.py content check --all --format sarif
    """
    if slug or every:
        if content_drafts.check_drafts(settings, slug, "json" if as_json else format_):
            raise click.exceptions.Exit(1)
        return
    reading = reviewed.read_all(site_catalogue.CONTENT)
    problems = [problem.message for problem in reading.problems]
    problems += [line for lines in _dead_links(settings, reading.texts).values() for line in lines]
    if as_json:
        print_json(problems)
    else:
        for problem in problems:
            say(problem)
        drafts = [text.slug for text in reading.texts if not text.is_approved]
        counted = _counted(reading.texts)
        say(f"{counted} can be read; drafts: {', '.join(drafts) or 'none'}.")
    if problems:
        raise click.exceptions.Exit(1)


@content.command()
@slug_argument
@reviewer_option
@revision_option
@click.option("--publish", "publishes", is_flag=True, help="Publish it in the same step.")
@comment_option
@actor_option
@json_option
@pass_settings
def approve(
    settings: Settings,
    slug: str,
    reviewer: str | None,
    revision: int | None,
    publishes: bool,
    comment: str,
    actor: str,
    as_json: bool,
) -> None:
    """Approve a draft that is in review, if it passes today's checks; or with --reviewer, a file of content/.

    With --reviewer, the file of a guide or workload says from then on who reviewed it, today's date, and the hash of
    the text.  The next build publishes it, not before its day (published_on); a later change of the text makes it a
    draft again.  Says which of its links lead nowhere today.

    \b
    Examples:
      build.py content approve guides/spot --publish --actor jo
      build.py content approve one-gpu-or-a-node --reviewer "Jo Doe"
    """
    if reviewer is None:
        content_states.approve_revision(settings, slug, revision, actor, comment, publishes=publishes, as_json=as_json)
        return
    text = reviewed.approve(_file(slug), reviewer, datetime.now(UTC).date())
    if as_json:
        print_json({name: getattr(text, name) for name in ("slug", "reviewed_by", "reviewed_on", "reviewed_hash")})
    else:
        say(f"{text.slug}: approved by {text.reviewed_by} on {text.reviewed_on} ({text.reviewed_hash}).")
    _tell_dead_links(settings, text, quiet=as_json)


@content.command()
@slug_argument
@reviewer_option
@click.option("--over-live", is_flag=True, help="Though the live text moved since the draft was begun.")
@actor_option
@json_option
@pass_settings
def publish(settings: Settings, slug: str, reviewer: str | None, over_live: bool, actor: str, as_json: bool) -> None:
    """Publish an approved draft; or with --reviewer, the present text of a file, without a change to that.

    \b
    Examples:
      build.py content publish guides/spot --actor jo
      build.py content publish one-gpu-or-a-node --reviewer "Jo Doe"
    """
    if reviewer is None:
        content_states.publish_revision(settings, slug, actor, over_live=over_live, as_json=as_json)
        return
    text = reviewed.read_one(_file(slug))
    with prepared(settings, quiet=True) as connection:
        now = clocks.agreed(connection)
        seq = pages.publish(connection, text, reviewer, now.date(), now)
    done = "published; build.py render puts it on the site"
    _tell(text.slug, done, seq, as_json=as_json, is_published=True)
    _tell_dead_links(settings, text, quiet=as_json)


@content.command()
@slug_argument
@click.option("--comment", default="Taken off by hand.", show_default=True, type=WORDS, help="Why, for the record.")
@click.option("--moved-to", type=WORDS, help="The path where visitors are sent from then on, such as /guides/spot/.")
@click.option("--gone", is_flag=True, help="Visitors are told that it is gone for good.")
@actor_option
@json_option
@pass_settings
def unpublish(
    settings: Settings, slug: str, comment: str, moved_to: str | None, gone: bool, actor: str, as_json: bool
) -> None:
    """Take a text off the site, until it is published again or changes; says which pages link to it.

    \b
    Example:
      build.py content unpublish one-gpu-or-a-node --comment "Out of date." --actor jo
    """
    with prepared(settings, quiet=True) as connection:
        page_slug, now = _page_slug(connection, slug), clocks.agreed(connection)
        seq = pages.unpublish(
            connection, page_slug, actor=actor, at=now, comment=comment, moved_to=moved_to, is_gone=gone
        )
        linking = links.linking_to(connection, f"/{page_slug}/")
    done = "taken off the site by the next build.py render"
    _tell(page_slug.rpartition("/")[2], done, seq, as_json=as_json, is_published=False)
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
    text = reviewed.document(folder / "methodology.md")
    published = methodology_versions.publish(folder / "methodology", text, datetime.now(UTC).date())
    if as_json:
        print_json({"version": published.number, "published_on": published.published_on.isoformat()})
    else:
        say(f"The methodology is version {published.number}, published on {published.published_on}.")


for _command in (
    content_drafts.generate,
    content_drafts.preview,
    content_texts.show,
    content_texts.new,
    content_texts.edit,
    content_texts.diff,
    content_texts.history,
    content_states.submit,
    content_states.request_changes,
    content_states.reject,
    content_states.schedule,
    content_states.rollback,
    content_states.archive,
    content_texts.export,
    content_texts.import_,
    content_audit.audit,
    content_audit.editors,
):
    content.add_command(_command)


def _state(one: ContentStatus) -> str:
    """What is live, and what the newest revision is beside that."""
    if one.waits_for:
        return f"waiting for {one.waits_for}"
    live = "live" if one.is_published else ""
    stale = f"stale: {', '.join(one.stale_reasons)}" if one.stale_reasons else ""
    newest = "" if one.revision in (None, one.live_revision) else (one.state or "").replace("_", " ")
    newest = f"revision {one.revision}: {newest}" if newest and live else newest
    parts = [part for part in (live, stale, newest) if part]
    return "; ".join(parts) or "draft"


def _tell(slug: str, line: str, seq: int, *, as_json: bool, is_published: bool) -> None:
    if as_json:
        print_json({"slug": slug, "is_published": is_published, "audit": seq})
    else:
        say(f"{slug}: {line} (audit {seq}).")


def _tell_dead_links(settings: Settings, text: ReviewedText, *, quiet: bool) -> None:
    """Say which links of a text lead nowhere.  The command is done by then: an error undoes nothing."""
    try:
        lines = _dead_links(settings, reviewed.read_all(site_catalogue.CONTENT).texts).get(text.path, [])
    except BuildError as problem:
        lines = [f"{text.slug}: its links were not checked: {problem.message}"]
    for line in lines:
        say(line, quiet=quiet)


def _dead_links(settings: Settings, files: Sequence[ReviewedText]) -> dict[str, list[str]]:
    """The lines about dead links, by page; none where there is no database yet that knows the pages."""
    if not settings.database_url and not (settings.data_dir / "postgres").exists():
        return {}
    with prepared(settings, quiet=True) as connection:
        return proofread.dead_links(connection, settings, files)


def _counted(texts: Sequence[ReviewedText]) -> str:
    """How many there are of each kind; of a kind that has none, nothing."""
    counts = ((sum(text.page_type == name for text in texts), kind.noun) for name, kind in KINDS.items())
    return " and ".join(plural(count, noun) for count, noun in counts if count) or "No text"


def _file(slug: str) -> Path:
    """The file of a text; its folder may be named where two have its name."""
    folders = [site_catalogue.CONTENT / kind.folder for kind in KINDS.values()]
    known = [file for folder in folders for file in reviewed.files(folder)]
    found = [file for file in known if _bare(slug) in {file.stem, f"{file.parent.name}/{file.stem}"}]
    if len(found) != 1:
        names = ", ".join(f"{file.parent.name}/{shown(Path(file.stem))}" for file in found or known) or "none"
        wrong = f'more than one text is called "{slug}"' if found else f'no text is called "{slug}"'
        raise BuildError(f"content: {wrong} in {shown(site_catalogue.CONTENT)}; expected one of {names}")
    return found[0]


def _page_slug(connection: db.Connection, slug: str) -> str:
    """The slug of a text's page: "guides/spot" for "spot"; of one that is stored, or as given."""
    stored = {row.slug for row in pages.statuses(connection) if row.page_type in KINDS}
    bare = _bare(slug)
    return next((one for one in sorted(stored) if bare in {one, one.rpartition("/")[2]}), bare)


def _bare(slug: str) -> str:
    return slug.strip("/").removesuffix(".md")
