"""content: the texts themselves: new, edit, show, compare, export, import."""

import difflib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from generator.commands import desk_reading
from generator.commands.console import print_json, say, table
from generator.commands.desk_options import actor_option, at_desk, file_option, page_of, slug_argument, tell
from generator.commands.options import WORDS, json_option, pass_settings
from generator.database import clocks, db
from generator.desk import documents, revisions, states
from generator.desk.acting import Refused, last_seq
from generator.desk.drafts import Draft
from generator.desk.revisions import Revision
from generator.errors import BrokenContent, BuildError
from generator.formats import plural
from generator.prose.texts import KINDS
from generator.settings import Settings
from generator.site import content as pages

_HOLDS = {True: "holds", False: "does not hold", None: "can't be told"}
_SKELETON = """---
title: What is it about?
description: What readers find here, in one sentence.
summary: The short answer.
author: {author}
published_on: {day}
sources:
  - title: A source
    url: https://example.com/
  - title: Another source
    url: https://example.com/other
---

The text. A figure is a binding: {{{{ floor:h100-sxm }}}}.
"""


@click.command()
@click.argument("page_type", metavar="TYPE", type=WORDS)
@slug_argument
@file_option
@actor_option
@json_option
@pass_settings
def new(settings: Settings, page_type: str, slug: str, file: str | None, actor: str, as_json: bool) -> None:
    """Begin the first draft of a page's words, in your editor ($EDITOR) or from a file.

    \b
    Examples:
      build.py content new guide spot --actor jo
      build.py content new gpu_detail gpu/h100-sxm --file h100.md --actor jo
    """
    kind = KINDS.get(page_type)
    page = f"{kind.address}/{slug.rpartition('/')[2]}" if kind else slug.strip("/") or "home"
    with at_desk(settings) as (connection, now):
        if revisions.newest(connection, page):
            raise Refused(f'{page} has revisions already; expected build.py content edit "{page}"')
        blank = Draft(page, page_type, "", "", "The text.")
        text = _SKELETON.format(author=actor, day=now.date()) if kind else documents.document_of(blank)
        draft = _written(blank, text, file)
        _save(connection, settings, draft, None, actor=actor, as_json=as_json)


@click.command()
@slug_argument
@file_option
@click.option("--minor", is_flag=True, help="Publish at once: at most 200 characters, no binding and no claim differ.")
@actor_option
@json_option
@pass_settings
def edit(settings: Settings, slug: str, file: str | None, minor: bool, actor: str, as_json: bool) -> None:
    """Edit a page's newest revision in your editor ($EDITOR); what you save is the next revision, a draft.

    \b
    Examples:
      build.py content edit guides/spot --actor jo
      build.py content edit guides/spot --minor --actor jo
    """
    with at_desk(settings) as (connection, now):
        before = revisions.revision(connection, page_of(connection, slug))
        connection.commit()
        draft = _written(before.draft, documents.document_of(before.draft), file)
        if not minor:
            _save(connection, settings, draft, before, actor=actor, as_json=as_json)
            return
        reading = desk_reading.read(connection, settings, draft)
        connection.commit()
        seq = states.minor_edit(connection, draft, reading, actor=actor, base=before.number, at=now)
        tell(
            connection, before.slug, "the minor edit is live; build.py render puts it on the site", seq, as_json=as_json
        )


def _written(draft: Draft, text: str, file: str | None) -> Draft:
    """What somebody makes of a document in their editor, or the draft in their file.

    Raises BuildError for what can't be read; what was written is kept in a file that the error names.
    """
    folder = Path(tempfile.mkdtemp(prefix="cloudgpus-"))
    path = folder / documents.place_of(draft)
    path.parent.mkdir(parents=True)
    path.write_text(Path(file).read_text("utf-8") if file else text, "utf-8")
    if not file:
        click.edit(filename=str(path))
    try:
        made = documents.draft_from(path, draft.slug)
    except BrokenContent as problem:
        raise BuildError(f"{problem.message}; what you wrote is kept: --file {path}") from None
    shutil.rmtree(folder)
    return made


def _save(
    connection: db.Connection, settings: Settings, draft: Draft, before: Revision | None, *, actor: str, as_json: bool
) -> None:
    """Check a draft and save it as its page's next revision."""
    if before and draft == before.draft:
        tell(connection, draft.slug, "nothing has changed", None, as_json=as_json)
        return
    reading = desk_reading.read(connection, settings, draft)
    connection.commit()
    at, base = clocks.agreed(connection), before.number if before else None
    connection.commit()
    made = revisions.new_revision(connection, draft, reading, actor=actor, kind="human", base=base, at=at)
    tell(connection, made.slug, f"revision {made.number} is a draft", last_seq(connection), as_json=as_json)
    for finding in reading.findings:
        say(f"{finding.severity}: {finding.rule}: {finding.message}", quiet=as_json)


@click.command()
@slug_argument
@click.option("--revision", type=click.IntRange(min=1), help="This revision, instead of what is stored for the page.")
@click.option("--facts", is_flag=True, help="Also its figures with their sources, its claims, and what checks found.")
@json_option
@pass_settings
def show(settings: Settings, slug: str, revision: int | None, facts: bool, as_json: bool) -> None:
    """Show a page's words as they are stored, or one of their revisions.

    \b
    Examples:
      build.py content show guides/sxm-pcie-nvl
      build.py content show guides/sxm-pcie-nvl --revision 3 --facts
    """
    with at_desk(settings) as (connection, _):
        if revision is None and not facts:
            stored = pages.row(connection, slug.strip("/") or "home")
            text = f"{stored.title}\n{stored.meta_description or ''}\n\n{stored.content_markdown or ''}"
            _show(asdict(stored), text, as_json=as_json)
            return
        found = revisions.revision(connection, page_of(connection, slug), revision)
    _show(asdict(found), documents.document_of(found.draft), as_json=as_json)
    if facts and not as_json:
        _show_facts(found)


def _show(value: Any, text: str, *, as_json: bool) -> None:
    print_json(value) if as_json else say(text)


def _show_facts(found: Revision) -> None:
    facts = [(one["source"], one["text"], one["as_of"], _origins(one)) for one in found.facts]
    table(("binding", "shown as", "as of", "read from"), facts)
    for claim in found.claims:
        say(f"{_HOLDS[claim['holds']]}: {claim['source']}: {claim['sentence']}")
    for finding in found.checks or ():
        say(f"{finding['severity']}: {finding['rule']}: {finding['message']}")


def _origins(fact: dict[str, Any]) -> str:
    return ", ".join(one["evidence"] or one["url"] for one in fact["read_from"])


@click.command()
@slug_argument
@click.option(
    "--against", type=WORDS, default="live", show_default=True, help="live, previous, or a revision's number."
)
@json_option
@pass_settings
def diff(settings: Settings, slug: str, against: str, as_json: bool) -> None:
    """Compare a page's newest revision with what is live, the one before, or another, line by line.

    \b
    Example:
      build.py content diff guides/spot --against previous
    """
    with at_desk(settings) as (connection, _):
        newest = revisions.revision(connection, page_of(connection, slug))
        other = _other(connection, newest, against)
    lines = list(_differing(other, newest))
    if as_json:
        print_json({"slug": newest.slug, "from": other and other.number, "to": newest.number, "diff": lines})
    else:
        say("\n".join(lines) or f"{newest.slug}: revision {newest.number} says the same.")


def _other(connection: db.Connection, newest: Revision, against: str) -> Revision | None:
    """The revision to compare with; None where nothing is live."""
    if against == "live":
        live = states.state(connection, newest.slug).live_revision
        return revisions.revision(connection, newest.slug, live) if live else None
    if against != "previous" and not against.isdecimal():
        raise BuildError(f'--against: found "{against}"; expected live, previous, or the number of a revision')
    number = newest.number - 1 if against == "previous" else int(against)
    return revisions.revision(connection, newest.slug, number) if number else None


def _differing(before: Revision | None, after: Revision) -> Iterator[str]:
    old = documents.document_of(before.draft).splitlines() if before else []
    names = f"revision {before.number}" if before else "nothing", f"revision {after.number}"
    return difflib.unified_diff(old, documents.document_of(after.draft).splitlines(), *names, lineterm="")


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
@pass_settings
def export(settings: Settings, folder: Path, as_json: bool) -> None:
    """Write the texts of all pages with revisions into a folder: what is live, or else the newest draft.

    The files are like those of content/, and that of a live text may replace the one there, since its front matter
    names its review.

    \b
    Example:
      build.py content export /tmp/texts
    """
    with at_desk(settings) as (connection, _):
        said = pages.front_matters(connection)
        found = [_exported(connection, one, said.get(one.slug)) for one in states.states(connection)]
    for draft, text in found:
        path = folder / documents.place_of(draft)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    if as_json:
        print_json({"files": [str(documents.place_of(draft)) for draft, _ in found]})
    else:
        say(f"{plural(len(found), 'text')} in {folder}.")


def _exported(connection: db.Connection, state: states.PageState, said: Any) -> tuple[Draft, str]:
    draft = revisions.revision(connection, state.slug, state.live_revision or state.revision).draft
    review = documents.review_of(said) if state.live_revision else None
    return draft, documents.document_of(draft, review)


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@actor_option
@json_option
@pass_settings
def import_(settings: Settings, folder: Path, actor: str, as_json: bool) -> None:
    """Make a draft of each file of an exported folder that says something else than the page's newest or live revision.

    Who reviewed a text does not count here: a draft that was imported is submitted and approved as any other.

    \b
    Example:
      build.py content import /tmp/texts --actor jo
    """
    made: list[Revision] = []
    with at_desk(settings) as (connection, now):
        drafts = [documents.draft_from(path, documents.slug_of(path, folder)) for path in documents.files(folder)]
        for draft in drafts:
            state, newest = states.state_or_none(connection, draft.slug), revisions.newest(connection, draft.slug)
            connection.commit()
            if state is None or draft.hash not in {state.hash, state.live_hash}:
                base = newest.number if newest else None
                made.append(
                    revisions.new_revision(connection, draft, None, actor=actor, kind="human", base=base, at=now)
                )
        seq = last_seq(connection)
    if as_json:
        print_json({"drafts": [{"slug": one.slug, "revision": one.number} for one in made], "audit": seq})
    else:
        for one in made:
            say(f"{one.slug}: revision {one.number} is a draft.")
        say(f"{plural(len(drafts), 'file')} read, {plural(len(made), 'draft')} made (audit {seq}).")


@click.command()
@slug_argument
@json_option
@pass_settings
def history(settings: Settings, slug: str, as_json: bool) -> None:
    """List what was done with a page's revisions: when, by whom, and what they were from then on.

    \b
    Example:
      build.py content history guides/spot
    """
    with at_desk(settings) as (connection, _):
        page = page_of(connection, slug)
        found = states.history(connection, page)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        raise Refused(f"{page}: no revision")
    rows = [
        (clocks.stamp(one.at), one.revision, one.action.replace("_", " "), one.state, one.actor, _said(one))
        for one in found
    ]
    table(("when", "revision", "what", "state", "by", "why"), rows)


def _said(one: states.Review) -> str:
    signed = f"signed in {one.commit[:12]}" if one.commit else "signed in its file" if one.is_signed else ""
    parts = (one.reason_code, one.comment, ", ".join(one.reasons), signed)
    return "; ".join(part for part in parts if part)
