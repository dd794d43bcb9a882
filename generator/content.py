"""content_pages: the words of every page, and which reviewed prose is live.  The only writer of that table.

A guide whose file names its reviewer, the day and the hash of what was reviewed is published as it is
imported; any other is a draft, and what is live stays live until a command publishes the new text.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from generator import db, urls
from generator.errors import BuildError
from generator.guides import Guide
from generator.markdown import to_html
from generator.pages.page import Page
from generator.render import Renderer

_GUIDE = TypeAdapter(Guide)
_IN_COLUMNS = {"slug", "title", "description", "text"}


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A guide as the table keeps it."""

    slug: str
    title: str
    meta_description: str
    content_markdown: str
    front_matter: dict[str, Any]
    is_published: bool


@dataclass(frozen=True, slots=True)
class ContentState:
    """What a row is, and whether it is live."""

    slug: str
    page_type: str
    title: str
    written_by: str
    is_published: bool
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


def import_guides(connection: db.Connection, guides: Iterable[Guide], as_of: datetime) -> None:
    """Bring the rows up to the files: approved guides live, others as drafts; what is live is no draft's to change.

    A guide that was taken off the site stays off until its text changes, or a command publishes it.
    """
    stored = {row.slug: row for row in db.rows(connection, "guides", GuideRow)}
    for guide in guides:
        row = stored.get(_slug(guide))
        if row is None or (_guide(row) != guide and (guide.is_approved or not row.is_published)):
            _save(connection, guide, is_published=guide.is_approved, as_of=as_of)


def published_guides(connection: db.Connection) -> tuple[Guide, ...]:
    """The guides that are live, as they were published."""
    return tuple(_guide(row) for row in db.rows(connection, "guides", GuideRow) if row.is_published)


def publish(connection: db.Connection, guide: Guide, reviewer: str, on: date, at: datetime) -> None:
    """Put a guide's text live, on the word of a reviewer."""
    reviewed = _GUIDE.validate_python(
        {**asdict(guide), "reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": guide.hash}
    )
    _save(connection, reviewed, is_published=True, as_of=at)


def unpublish(connection: db.Connection, slug: str) -> None:
    """Take a guide off the site.  Raises BuildError where it is not on it."""
    if not db.execute(connection, "unpublish_page", slug=slug):
        raise BuildError(f'content: no published page has the slug "{slug}"; see build.py content list')


def states(connection: db.Connection, page_type: str | None = None) -> list[ContentState]:
    """All rows, or those of a page type."""
    return db.rows(connection, "content_states", ContentState, page_type=page_type)


def row(connection: db.Connection, slug: str) -> ContentRow:
    """One row.  Raises BuildError where there is none."""
    found = db.rows(connection, "content_row", ContentRow, slug=slug)
    if not found:
        raise BuildError(f'content: no page has the slug "{slug}"; see build.py content list')
    return found[0]


def save_page(connection: db.Connection, page: Page, renderer: Renderer, as_of: datetime) -> None:
    """Keep a rendered page's words, address, structured data and relations."""
    common = {
        "slug": urls.page_slug(page.path),
        "canonical_url": urls.absolute(renderer.site.url, page.path),
        "structured_data": db.json(renderer.structured_data(page)),
        "related_gpu_ids": list(page.related_gpu_ids),
        "related_provider_ids": list(page.related_provider_ids),
    }
    if page.page_type == "guide":
        db.execute(connection, "save_reviewed_page", **common)
        return
    db.execute(
        connection,
        "save_template_page",
        **common,
        page_type=page.page_type,
        title=page.title,
        meta_description=page.description,
        content_html="\n".join(renderer.words(page).values()),
        content_markdown="\n\n".join(page.words.values()),
        generation_prompt=f"template:{page.page_type}",
        as_of=as_of,
    )


def retire(connection: db.Connection, paths: Iterable[str]) -> None:
    """Take back the rows of generated pages that are no more."""
    db.execute(connection, "retire_pages", slugs=[urls.page_slug(path) for path in paths])


def _save(connection: db.Connection, guide: Guide, *, is_published: bool, as_of: datetime) -> None:
    stated = _GUIDE.dump_python(guide, mode="json")
    db.execute(
        connection,
        "save_guide",
        slug=_slug(guide),
        title=guide.title,
        meta_description=guide.description,
        content_html=str(to_html(guide.text)),
        content_markdown=guide.text,
        front_matter=db.json({name: value for name, value in stated.items() if name not in _IN_COLUMNS}),
        is_published=is_published,
        as_of=as_of,
    )


def _slug(guide: Guide) -> str:
    return urls.page_slug(urls.guide(guide.slug))


def _guide(stored: GuideRow) -> Guide:
    return _GUIDE.validate_python(
        {
            **stored.front_matter,
            "slug": stored.slug.rpartition("/")[2],
            "title": stored.title,
            "description": stored.meta_description,
            "text": stored.content_markdown,
        }
    )
