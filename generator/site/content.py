"""content_pages: the text of every page, and which guides are live.  The only writer of that table.

A guide whose file names its reviewer, the day and the hash of the reviewed text is published when it is imported, or
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
from generator.prose import guides
from generator.prose.guides import Guide
from generator.prose.markdown import to_html
from generator.site.render import Rendered

_GUIDE = TypeAdapter(Guide)
_IN_COLUMNS = {"slug", "title", "description", "text"}


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A guide as the table stores it."""

    slug: str
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
    """The guides that are live, as published, and one line for each that can no longer be read."""

    guides: tuple[Guide, ...]
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


def import_guides(connection: db.Connection, guides: Iterable[Guide], as_of: datetime) -> None:
    """Update the rows from the files: approved guides go live on their day of publication, others are drafts.

    A draft does not change a live guide.  A guide that was taken off the site stays off until its text changes, or a
    command publishes it.
    """
    for guide, is_published in _changes(_stored(connection), guides, as_of):
        _save(connection, guide, is_published=is_published, as_of=as_of)


def published_guides(connection: db.Connection) -> tuple[Guide, ...]:
    """The guides that are live and can be read, as published."""
    return live(connection).guides


def live(connection: db.Connection, files: Iterable[Guide] = (), as_of: datetime | None = None) -> Live:
    """What is live; with `files` and `as_of`, what will be live after their import."""
    found: dict[str, Guide] = {}
    problems, stored = [], _stored(connection)
    for slug, row in stored.items():
        try:
            found |= {slug: _guide(row)} if row.is_published else {}
        except BrokenContent as problem:
            problems.append(problem)
    imported = _changes(stored, files, as_of) if as_of else ()
    found |= {guide.slug: guide for guide, is_published in imported if is_published}
    return Live(tuple(found.values()), tuple(problems))


def _changes(stored: Mapping[str, GuideRow], files: Iterable[Guide], as_of: datetime) -> Iterator[tuple[Guide, bool]]:
    """The guides that an import saves, and whether each is live from then on."""
    for guide in files:
        row, is_due = stored.get(guide.slug), guide.is_approved and guide.is_out(as_of.date())
        if row is None or (is_due and row.waits) or (not _says(row, guide) and (is_due or not row.is_published)):
            yield guide, is_due


def _says(row: GuideRow, guide: Guide) -> bool:
    """Whether a row has exactly this guide; False for a row that can't be read."""
    try:
        return _guide(row) == guide
    except BrokenContent:
        return False


def publish(connection: db.Connection, guide: Guide, reviewer: str, on: date, at: datetime) -> None:
    """Publish a guide's text, as approved by a reviewer.  Raises BuildError where its day is yet to come."""
    if guide.published_on > on:
        raise BuildError(
            f"{guide.slug}: published_on is {guide.published_on}, a day yet to come; put today there, or let it wait "
            f"for that day: build.py content approve {guide.slug} --reviewer NAME"
        )
    review = {"reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": guide.hash}
    reviewed = guides.of_fields({**asdict(guide), **review}, guide.slug)
    _save(connection, reviewed, is_published=True, as_of=at)


def unpublish(connection: db.Connection, slug: str) -> None:
    """Take a guide off the site.  Raises BuildError where it is not published."""
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
    reviewed, at = [], as_of.isoformat()
    with connection.cursor() as cursor, cursor.copy(db.query("save_content_copy")) as copy:
        for text in texts:
            if text.page_type == "guide":
                reviewed.append(text)
            else:
                copy.write_row((str(UUID(int=0)), *map(_stored_text, text), True, at, at))
    for text in reviewed:
        db.execute(connection, "save_reviewed_page", **text._asdict())


def save_pages(connection: db.Connection, as_of: datetime) -> None:
    """Store the staged texts; nothing is written where nothing changed."""
    db.execute(connection, "save_template_pages", as_of=as_of)


def _stored_text(value: Any) -> Any:
    return db.text(value) if isinstance(value, str) else value


def retire(connection: db.Connection, paths: Iterable[str]) -> None:
    """Unpublish the rows of generated pages that no longer exist."""
    db.execute(connection, "retire_pages", slugs=[urls.page_slug(path) for path in paths])


def _save(connection: db.Connection, guide: Guide, *, is_published: bool, as_of: datetime) -> None:
    stated = _GUIDE.dump_python(guide, mode="json")
    front = {name: value for name, value in stated.items() if name not in _IN_COLUMNS}
    if guide.is_approved and not is_published:
        front["waits"] = True
    db.execute(
        connection,
        "save_guide",
        slug=_slug(guide),
        title=guide.title,
        meta_description=guide.description,
        content_html=str(to_html(guide.text)),
        content_markdown=guide.text,
        front_matter=db.json(front),
        is_published=is_published,
        as_of=as_of,
    )


def _slug(guide: Guide) -> str:
    return urls.page_slug(urls.guide(guide.slug))


def _stored(connection: db.Connection) -> dict[str, GuideRow]:
    """The rows of guides, by the guides' slugs."""
    return {row.slug.rpartition("/")[2]: row for row in db.rows(connection, "guides", GuideRow)}


def _guide(stored: GuideRow) -> Guide:
    """A row's guide.  Raises BrokenContent for one that was saved under other rules."""
    slug = stored.slug.rpartition("/")[2]
    fields = {
        **{name: value for name, value in stored.front.items() if name != "waits"},
        "slug": slug,
        "title": stored.title,
        "description": stored.meta_description,
        "text": stored.content_markdown,
    }
    off = f"approve its file again, or take it off the site: build.py content unpublish {slug}"
    return guides.of_fields(fields, f"guide {slug}, as it was published ({off})")
