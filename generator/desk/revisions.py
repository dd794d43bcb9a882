"""Revisions: every text that was ever proposed for a page.  None is changed or deleted; an edit makes the next one."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from generator.database import db
from generator.desk.acting import Refused, acting
from generator.desk.drafts import Draft, Others, Reading
from generator.desk.texts import draft_of, text_of
from generator.errors import BrokenContent
from generator.prose.texts import KINDS

Kind = Literal["human", "template", "llm"]


@dataclass(frozen=True, slots=True)
class Revision:
    """A proposed text, with what was found when it was saved.

    `number` counts a page's revisions from 1; `base` is the number of the one that it was made from.  `facts`, `claims`
    and `checks` are those of a Reading as JSON; `checks` is None where it was not checked.  `text_hash` is what the
    file's front matter approves (ReviewedText.hash), None for a page that is no guide or workload.
    """

    id: int
    slug: str
    page_type: str
    number: int
    hash: str
    title: str
    description: str
    markdown: str
    structured_data: dict[str, Any]
    front: dict[str, Any]
    author: str
    kind: Kind
    base: int | None
    is_minor: bool
    is_from_file: bool
    facts: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    checks: list[dict[str, Any]] | None
    generation: dict[str, Any] | None
    fingerprint: str
    text_hash: str | None
    created_at: datetime

    @property
    def draft(self) -> Draft:
        """Its text, as a draft."""
        return Draft(
            self.slug, self.page_type, self.title, self.description, self.markdown, self.structured_data, self.front
        )


@dataclass(frozen=True, slots=True)
class _Number:
    number: int


@dataclass(frozen=True, slots=True)
class _Other:
    slug: str
    page_type: str
    title: str
    description: str
    markdown: str
    is_live: bool

    @property
    def draft(self) -> Draft:
        return Draft(self.slug, self.page_type, self.title, self.description, self.markdown)


def others(connection: db.Connection, draft: Draft, made_by: str = "") -> Others:
    """The texts that a draft is compared with; `made_by` is the version of sentences that it is of, if it is new."""
    found = db.rows(connection, "content_others", _Other, hash=draft.hash, made_by=made_by)
    return Others(
        live={one.slug: one.draft for one in found if one.is_live},
        waiting={one.slug: one.draft for one in found if not one.is_live},
    )


def revision(connection: db.Connection, slug: str, number: int | None = None) -> Revision:
    """A page's revision of this number, or its newest.  Raises Refused where there is none."""
    found = [newest(connection, slug)] if number is None else _found(connection, slug, number)
    if not found or found[0] is None:
        which = "no revision" if number is None else f"no revision {number}"
        raise Refused(f'{slug}: {which}; see build.py content history "{slug}"')
    return found[0]


def newest(connection: db.Connection, slug: str) -> Revision | None:
    """A page's newest revision; None where it has none."""
    found = _found(connection, slug, most=1)
    return found[0] if found else None


def revisions(connection: db.Connection, slug: str) -> list[Revision]:
    """All revisions of a page, newest first."""
    return _found(connection, slug)


def _found(connection: db.Connection, slug: str, number: int | None = None, most: int | None = None) -> list[Revision]:
    return db.rows(connection, "content_revisions", Revision, slug=slug, number=number, most=most)


def new_revision(
    connection: db.Connection,
    draft: Draft,
    reading: Reading | None,
    *,
    actor: str,
    kind: Kind,
    base: int | None,
    at: datetime,
    generation: Mapping[str, Any] | None = None,
    fingerprint: str = "",
    is_minor: bool = False,
) -> Revision:
    """Add a draft to its page; where the newest revision says the same, return that.

    `base` is the number of the revision that the draft was made from, None for a page's first.  Raises Refused where
    that is no longer the newest, and for a guide or workload that lacks what such a text needs.
    """
    with acting(connection, actor, at, "edit", draft.slug):
        draft, before = _as_kept(draft), newest(connection, draft.slug)
        if before and before.hash == draft.hash:
            return before
        return add(
            connection,
            draft,
            reading,
            actor=actor,
            kind=kind,
            base=base,
            at=at,
            generation=generation,
            fingerprint=fingerprint,
            is_minor=is_minor,
        )


def add(
    connection: db.Connection,
    draft: Draft,
    reading: Reading | None,
    *,
    actor: str,
    kind: Kind,
    base: int | None,
    at: datetime,
    generation: Mapping[str, Any] | None = None,
    fingerprint: str = "",
    is_minor: bool = False,
    is_from_file: bool = False,
) -> Revision:
    """The same within an action under way, and though the newest revision may say the same."""
    draft = _as_kept(draft)
    title = draft.title or draft.slug
    db.execute(connection, "save_page_of_draft", slug=draft.slug, page_type=draft.page_type, title=title)
    (made,) = db.rows(
        connection,
        "save_revision",
        _Number,
        slug=draft.slug,
        hash=draft.hash,
        title=draft.title,
        description=draft.description,
        markdown=draft.markdown,
        structured_data=db.json(dict(draft.structured_data)),
        front=db.json(dict(draft.front)),
        author=actor,
        kind=kind,
        base=base,
        is_minor=is_minor,
        is_from_file=is_from_file,
        generation=None if generation is None else db.json(dict(generation)),
        fingerprint=fingerprint,
        text_hash=_text_hash(draft),
        at=at,
        **as_stored(reading),
    )
    return revision(connection, draft.slug, made.number)


def _as_kept(draft: Draft) -> Draft:
    """A draft as its file would say it: no space around the text, lines that end alike, every field of its kind.

    Raises Refused for a guide or workload that lacks what such a text needs.
    """
    tidy = replace(draft, markdown=draft.markdown.replace("\r\n", "\n").strip())
    try:
        return draft_of(text_of(tidy)) if tidy.page_type in KINDS else tidy
    except BrokenContent as problem:
        raise Refused(problem.message) from None


def as_stored(reading: Reading | None) -> dict[str, Any]:
    """A reading as the tables store it: three lists, or nulls for none."""
    if reading is None:
        return {"facts": None, "claims": None, "checks": None}
    return {
        "facts": _json(reading.facts),
        "claims": _json(reading.claims),
        "checks": _json(reading.findings),
    }


def _json(found: Iterable[Any]) -> Any:
    return db.json([asdict(one) for one in found])


def _text_hash(draft: Draft) -> str | None:
    """The hash that a file's front matter would approve; None for a page that is no guide or workload."""
    return text_of(draft).hash if draft.page_type in KINDS else None
