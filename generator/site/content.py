"""content_pages: the text of every page, and which reviewed ones are live: what revisions and their states come to.

A file that changed becomes a revision.  If it names its reviewer, the day and the hash of the reviewed text, that
approval is recorded and the text published, or scheduled for its day of publication; any other is a draft.  A file that
did not change imports nothing: from then on the database's own revisions count.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from generator import urls
from generator.database import db
from generator.desk import revisions, states
from generator.desk.acting import Refused, acting, last_seq
from generator.desk.revisions import Revision
from generator.desk.texts import commit_of, draft_of, file_hash, page_slug
from generator.errors import BrokenContent, BuildError
from generator.model.page import Page, Site
from generator.prose import reviewed
from generator.prose.texts import KINDS, ReviewedText
from generator.site.render import Rendered


@dataclass(frozen=True, slots=True)
class StoredText:
    """A reviewed text as the table stores it; `slug` is that of its page, "guides/spot".

    `imported_hash` is of the file it was last imported from; `scheduled_for` is when the newest revision goes live.
    """

    slug: str
    page_type: str
    title: str
    meta_description: str
    content_markdown: str
    front_matter: Any
    is_published: bool
    imported_hash: str | None = None
    scheduled_for: datetime | None = None

    @property
    def front(self) -> dict[str, Any]:
        """The front matter's fields; empty where something other than a mapping was stored by hand."""
        return self.front_matter if isinstance(self.front_matter, dict) else {}


@dataclass(frozen=True, slots=True)
class Methodology:
    """The methodology's Markdown, with its bindings."""

    text: str


@dataclass(frozen=True, slots=True)
class _Recorded:
    id: int


class Live(NamedTuple):
    """The texts that are live, as published, and one line for each that can no longer be read."""

    texts: tuple[ReviewedText, ...]
    problems: tuple[BrokenContent, ...]


@dataclass(frozen=True, slots=True)
class ContentStatus:
    """Whether a row is live, the day for which it waits, and what its newest revision is; None without revisions."""

    slug: str
    page_type: str
    title: str
    written_by: str
    is_published: bool
    waits_for: date | None
    state: str | None
    revision: int | None
    live_revision: int | None
    stale_reasons: list[str]
    published_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A row with its text."""

    slug: str
    page_type: str
    title: str
    meta_description: str | None
    canonical_url: str | None
    content_markdown: str | None
    written_by: str
    is_published: bool
    published_at: datetime | None


def import_texts(connection: db.Connection, texts: Iterable[ReviewedText], as_of: datetime) -> None:
    """Bring in the files that changed, and publish what is scheduled and whose time has come.

    A draft does not change a live text.  A text that was taken off the site stays off until its file changes, or a
    command publishes it.
    """
    stored = _stored(connection)
    for text in texts:
        row = stored.get(page_slug(text))
        if _is_changed(row, text):
            _import(connection, text, as_of)
        elif row and row.imported_hash is None:
            db.execute(connection, "save_imported", slug=row.slug, file_hash=file_hash(text))
    states.publish_due(connection, as_of)


def _is_changed(row: StoredText | None, text: ReviewedText) -> bool:
    """Whether a file differs from the one that was imported last; from before that was noted, from the row's text."""
    if row is None:
        return True
    return not _says(row, text) if row.imported_hash is None else row.imported_hash != file_hash(text)


def _import(connection: db.Connection, text: ReviewedText, as_of: datetime) -> None:
    with connection.transaction():
        made = _from_file(connection, text, as_of)
        if text.is_approved and not _is_live(connection, made):
            signed = {"reviewer": text.reviewed_by, "reviewed_on": text.reviewed_on, "text_hash": text.hash}
            with acting(connection, states.CI, as_of, "approve", made.slug):
                db.rows(
                    connection,
                    "save_signed_approval",
                    _Recorded,
                    slug=made.slug,
                    file_hash=file_hash(text),
                    commit=commit_of(text.file),
                    at=as_of,
                    **signed,
                )
            _release(connection, text, made, as_of)
        db.execute(connection, "save_imported", slug=made.slug, file_hash=file_hash(text))


def _release(connection: db.Connection, text: ReviewedText, made: Revision, as_of: datetime) -> None:
    """Publish an approved revision of a file, or schedule it; it waits where the live text moved meanwhile."""
    if not text.is_out(as_of.date()):
        day = datetime.combine(text.published_on, time(), UTC)
        states.schedule(connection, made.slug, made.number, actor=states.CI, at=as_of, for_=day)
        return
    with suppress(Refused):
        states.publish(connection, made.slug, made.number, actor=states.CI, at=as_of)


def _from_file(connection: db.Connection, text: ReviewedText, as_of: datetime) -> Revision:
    """The revision with a file's text, made where the newest one says something else."""
    draft, newest = draft_of(text), revisions.newest(connection, page_slug(text))
    if newest and newest.hash == draft.hash and (newest.is_from_file or not text.is_approved):
        return newest
    known = [one.number for one in revisions.revisions(connection, draft.slug) if one.is_from_file]
    base = known[0] if known else None
    with acting(connection, text.author, as_of, "import", draft.slug):
        return revisions.add(
            connection, draft, None, actor=text.author, kind="human", base=base, at=as_of, is_from_file=True
        )


def _is_live(connection: db.Connection, made: Revision) -> bool:
    found = states.state_or_none(connection, made.slug)
    return found is not None and found.live_hash == made.hash


def published_texts(connection: db.Connection) -> tuple[ReviewedText, ...]:
    """The texts that are live and can be read, as published."""
    return live(connection).texts


def live(connection: db.Connection, files: Iterable[ReviewedText] = (), as_of: datetime | None = None) -> Live:
    """What is live; with `files` and `as_of`, what will be live after their import."""
    found: dict[str, ReviewedText] = {}
    problems, stored = [], _stored(connection)
    for slug, row in stored.items():
        try:
            found |= {slug: _text(row)} if row.is_published else {}
        except BrokenContent as problem:
            problems.append(problem)
    found |= dict(_imported(stored, files, as_of)) if as_of else {}
    return Live(tuple(found.values()), tuple(problems))


def _imported(
    stored: Mapping[str, StoredText], files: Iterable[ReviewedText], as_of: datetime
) -> Iterator[tuple[str, ReviewedText]]:
    """The texts that an import of these files would put live, by their pages' slugs."""
    for text in files:
        row = stored.get(page_slug(text))
        is_due = row is not None and row.scheduled_for is not None and row.scheduled_for <= as_of
        if text.is_approved and text.is_out(as_of.date()) and (is_due or _is_changed(row, text)):
            yield page_slug(text), text


def _says(row: StoredText, text: ReviewedText) -> bool:
    """Whether a row has exactly this text; False for a row that can't be read."""
    try:
        return _text(row) == text
    except BrokenContent:
        return False


def publish(connection: db.Connection, text: ReviewedText, reviewer: str, on: date, at: datetime) -> int:
    """Publish a file's text, as approved by a reviewer; the number of the audit row.

    Raises BuildError where its day is yet to come, and Refused where the live text moved since the last file.
    """
    if text.published_on > on:
        raise BuildError(
            f"{text.slug}: published_on is {text.published_on}, a day yet to come; put today there, or let it wait "
            f"for that day: build.py content approve {text.slug} --reviewer NAME"
        )
    review = {"reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": text.hash}
    approved = reviewed.of_fields(type(text), {**asdict(text), **review}, text.slug)
    with acting(connection, reviewer, at, "publish", page_slug(text)):
        made = _from_file(connection, approved, at)
        if _is_live(connection, made):
            return last_seq(connection)
        signed = {"is_signed": True, "signed_on": on, "text_hash": text.hash, "commit": commit_of(text.file)}
        state = states.state(connection, made.slug).state
        if state not in {"approved", "scheduled"}:
            states.save(connection, "approve", made.slug, made.number, reviewer, at, **signed)
        seq = states.save(connection, "publish", made.slug, made.number, states.CI, at)
        db.execute(connection, "save_imported", slug=made.slug, file_hash=file_hash(text))
        return seq


def unpublish(
    connection: db.Connection,
    slug: str,
    *,
    actor: str,
    at: datetime,
    comment: str,
    moved_to: str | None = None,
    is_gone: bool = False,
) -> int:
    """Take a text off the site, or off the schedule; the number of the audit row.

    Raises BuildError where it is neither live nor scheduled.
    """
    found = states.state_or_none(connection, slug)
    number = found.live_revision if found else None
    if found and number is None and found.state == "scheduled":
        number = found.revision
    if number is None:
        raise BuildError(f'content: no published page has the slug "{slug}"; see build.py content list')
    return states.unpublish(
        connection, slug, number, actor=actor, at=at, comment=comment, moved_to=moved_to, is_gone=is_gone
    )


def front_matters(connection: db.Connection) -> dict[str, dict[str, Any]]:
    """What the rows of reviewed texts say in their front matter, by their pages' slugs."""
    return {slug: row.front for slug, row in _stored(connection).items()}


def methodology(connection: db.Connection) -> str:
    """The last methodology that could be read; "" for none yet."""
    found = db.rows(connection, "methodology", Methodology)
    return found[0].text if found else ""


def store_methodology(connection: db.Connection, text: str) -> None:
    """Store a methodology that can be read, for builds that find its file broken."""
    if text:
        db.execute(connection, "save_methodology", text=text)


def statuses(connection: db.Connection, page_type: str | None = None) -> list[ContentStatus]:
    """The status of all rows, or of a page type's."""
    return db.rows(connection, "content_statuses", ContentStatus, page_type=page_type)


def row(connection: db.Connection, slug: str) -> ContentRow:
    """One row.  Raises BuildError where there is none."""
    found = db.rows(connection, "content_row", ContentRow, slug=slug)
    if not found:
        raise BuildError(f'content: no page has the slug "{slug}"; see build.py content list')
    return found[0]


class PageText(NamedTuple):
    """A page's text, address, structured data and related GPUs and providers, as the table stores them."""

    slug: str
    page_type: str
    title: str
    meta_description: str
    canonical_url: str
    content_html: str
    content_markdown: str
    structured_data: str
    related_gpu_ids: list[str]
    related_provider_ids: list[str]


def text_of(page: Page, rendered: Rendered, site: Site) -> PageText:
    """A rendered page's text."""
    return PageText(
        slug=urls.page_slug(page.path),
        page_type=page.page_type,
        title=page.title,
        meta_description=page.description,
        canonical_url=urls.absolute(site.url, page.path),
        content_html="\n".join(rendered.words.values()),
        content_markdown="\n\n".join(page.words.values()),
        structured_data=rendered.structured_data or "{}",
        related_gpu_ids=list(page.related_gpu_ids),
        related_provider_ids=list(page.related_provider_ids),
    )


def stage_pages(connection: db.Connection, texts: Iterable[PageText], as_of: datetime) -> None:
    """Stage the texts of generated pages, for `save_pages`, and store what a build adds to those of reviewed ones."""
    written, at = [], as_of.isoformat()
    with connection.cursor() as cursor, cursor.copy(db.query("save_content_copy")) as copy:
        for text in texts:
            if text.page_type in KINDS:
                written.append(text)
            else:
                copy.write_row((str(UUID(int=0)), *map(_stored_text, text), True, at, at))
    for text in written:
        db.execute(connection, "save_reviewed_page", **text._asdict())


def save_pages(connection: db.Connection, as_of: datetime) -> None:
    """Store the staged texts; nothing is written where nothing changed."""
    db.execute(connection, "save_template_pages", as_of=as_of)


def _stored_text(value: Any) -> Any:
    return db.text(value) if isinstance(value, str) else value


def retire(connection: db.Connection, paths: Iterable[str]) -> None:
    """Unpublish the rows of generated pages that no longer exist."""
    db.execute(connection, "retire_pages", slugs=[urls.page_slug(path) for path in paths])


def _stored(connection: db.Connection) -> dict[str, StoredText]:
    """The rows of reviewed texts, by their pages' slugs."""
    return {row.slug: row for row in db.rows(connection, "reviewed_texts", StoredText, page_types=[*KINDS])}


def _text(stored: StoredText) -> ReviewedText:
    """A row's text.  Raises BrokenContent for one that was saved under other rules."""
    kind, slug = KINDS[stored.page_type], stored.slug.rpartition("/")[2]
    fields = {
        **stored.front,
        "slug": slug,
        "title": stored.title,
        "description": stored.meta_description,
        "text": stored.content_markdown,
    }
    off = f"approve its file again, or take it off the site: build.py content unpublish {slug}"
    return reviewed.of_fields(kind, fields, f"{kind.noun} {slug}, as it was published ({off})")
