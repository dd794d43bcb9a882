"""content_pages: the text of every page, and which reviewed ones are live.  The only writer of that table.

A text whose file names its reviewer, the day and the hash of the reviewed text is published when it is imported, or
waits for its day of publication.  Any other is a draft; what is live stays live until a command publishes the new text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from generator import urls
from generator.database import db
from generator.errors import BrokenContent, BuildError
from generator.model.page import Page, Site
from generator.prose import reviewed
from generator.prose.markdown import to_html
from generator.prose.texts import KINDS, ReviewedText
from generator.site.render import Rendered

_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in KINDS.items()}
_IN_COLUMNS = {"slug", "title", "description", "text"}


@dataclass(frozen=True, slots=True)
class StoredText:
    """A reviewed text as the table stores it; `slug` is that of its page, "guides/spot"."""

    slug: str
    page_type: str
    title: str
    meta_description: str
    content_markdown: str
    front_matter: Any
    is_published: bool

    @property
    def front(self) -> dict[str, Any]:
        """The front matter's fields; empty where something other than a mapping was stored by hand."""
        return self.front_matter if isinstance(self.front_matter, dict) else {}

    @property
    def waits(self) -> bool:
        """Whether it is approved and waits for its day of publication."""
        return "waits" in self.front


@dataclass(frozen=True, slots=True)
class Methodology:
    """The methodology's Markdown, with its bindings."""

    text: str


class Live(NamedTuple):
    """The texts that are live, as published, and one line for each that can no longer be read."""

    texts: tuple[ReviewedText, ...]
    problems: tuple[BrokenContent, ...]


@dataclass(frozen=True, slots=True)
class ContentStatus:
    """Whether a row is live, and the day for which it waits."""

    slug: str
    page_type: str
    title: str
    written_by: str
    is_published: bool
    waits_for: date | None
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
    """Update the rows from the files: approved texts go live on their day of publication, others are drafts.

    A draft does not change a live text.  A text that was taken off the site stays off until it changes, or a command
    publishes it.
    """
    for text, is_published in _changes(_stored(connection), texts, as_of):
        _save(connection, text, is_published=is_published, as_of=as_of)


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
    imported = _changes(stored, files, as_of) if as_of else ()
    found |= {_slug(text): text for text, is_published in imported if is_published}
    return Live(tuple(found.values()), tuple(problems))


def _changes(
    stored: Mapping[str, StoredText], files: Iterable[ReviewedText], as_of: datetime
) -> Iterator[tuple[ReviewedText, bool]]:
    """The texts that an import saves, and whether each is live from then on."""
    for text in files:
        row, is_due = stored.get(_slug(text)), text.is_approved and text.is_out(as_of.date())
        if row is None or (is_due and row.waits) or (not _says(row, text) and (is_due or not row.is_published)):
            yield text, is_due


def _says(row: StoredText, text: ReviewedText) -> bool:
    """Whether a row has exactly this text; False for a row that can't be read."""
    try:
        return _text(row) == text
    except BrokenContent:
        return False


def publish(connection: db.Connection, text: ReviewedText, reviewer: str, on: date, at: datetime) -> None:
    """Publish a text, as approved by a reviewer.  Raises BuildError where its day is yet to come."""
    if text.published_on > on:
        raise BuildError(
            f"{text.slug}: published_on is {text.published_on}, a day yet to come; put today there, or let it wait "
            f"for that day: build.py content approve {text.slug} --reviewer NAME"
        )
    review = {"reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": text.hash}
    approved = reviewed.of_fields(type(text), {**asdict(text), **review}, text.slug)
    _save(connection, approved, is_published=True, as_of=at)


def unpublish(connection: db.Connection, slug: str) -> None:
    """Take a reviewed text off the site.  Raises BuildError where it is not published."""
    if not db.execute(connection, "unpublish_page", slug=slug):
        raise BuildError(f'content: no published page has the slug "{slug}"; see build.py content list')


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


def _save(connection: db.Connection, text: ReviewedText, *, is_published: bool, as_of: datetime) -> None:
    stated = _ADAPTERS[text.page_type].dump_python(text, mode="json")
    front = {name: value for name, value in stated.items() if name not in _IN_COLUMNS}
    if text.is_approved and not is_published:
        front["waits"] = True
    db.execute(
        connection,
        "save_reviewed_text",
        slug=_slug(text),
        page_type=text.page_type,
        title=text.title,
        meta_description=text.description,
        content_html=str(to_html(text.text)),
        content_markdown=text.text,
        front_matter=db.json(front),
        is_published=is_published,
        as_of=as_of,
    )


def _slug(text: ReviewedText) -> str:
    return urls.page_slug(text.path)


def _stored(connection: db.Connection) -> dict[str, StoredText]:
    """The rows of reviewed texts, by their pages' slugs."""
    return {row.slug: row for row in db.rows(connection, "reviewed_texts", StoredText, page_types=[*KINDS])}


def _text(stored: StoredText) -> ReviewedText:
    """A row's text.  Raises BrokenContent for one that was saved under other rules."""
    kind, slug = KINDS[stored.page_type], stored.slug.rpartition("/")[2]
    fields = {
        **{name: value for name, value in stored.front.items() if name != "waits"},
        "slug": slug,
        "title": stored.title,
        "description": stored.meta_description,
        "text": stored.content_markdown,
    }
    off = f"approve its file again, or take it off the site: build.py content unpublish {slug}"
    return reviewed.of_fields(kind, fields, f"{kind.noun} {slug}, as it was published ({off})")
