"""What editors decided on pages that builds make: words in place of the page's own, and where a page is now."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from generator.database import db
from generator.prose.texts import KINDS, Prose


@dataclass(frozen=True, slots=True)
class StoredProse:
    """The reviewed words of a page that has words of its own, as published."""

    slug: str
    title: str
    description: str
    markdown: str
    structured_data: Any
    author: str
    reviewed_by: str
    reviewed_at: datetime | None


def live_prose(connection: db.Connection) -> tuple[Prose, ...]:
    """The reviewed words that are live in place of pages' own."""
    return tuple(
        Prose(
            slug=row.slug,
            title=row.title,
            description=row.description,
            text=row.markdown,
            author=row.author,
            reviewed_by=row.reviewed_by,
            reviewed_on=row.reviewed_at.astimezone(UTC).date() if row.reviewed_at else None,
            structured_data=row.structured_data or {},
        )
        for row in db.rows(connection, "reviewed_prose", StoredProse, page_types=[*KINDS])
    )


@dataclass(frozen=True, slots=True)
class MovedPage:
    """A former address, and where its page is now; None: gone for good."""

    old_path: str
    new_path: str | None


def moves(connection: db.Connection) -> dict[str, str | None]:
    """What editors said of former addresses."""
    return {one.old_path: one.new_path for one in db.rows(connection, "moved_pages", MovedPage)}
