"""What becomes of revisions: submitted, approved, published, scheduled, sent back, taken off the site.

Each function is one action: one transaction, which ends with its audit row, whose number is returned.  Whatever the
rules don't allow raises Refused and leaves an audit row as well.  Times are passed in, in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generator.database import db
from generator.desk import revisions
from generator.desk.acting import Refused, acting, last_seq
from generator.desk.drafts import Draft, Reading

REASONS = ("wrong_fact", "unsupported", "thin", "duplicate", "tone", "legal", "off_topic", "other")
STATES = ("draft", "in_review", "approved", "rejected", "scheduled", "published", "stale", "unpublished", "archived")
CI, BUILD = "ci", "build"
_SHARE, _FEWEST = 20, 5  # one text in twenty at once, of at least so many
_UNSAID: dict[str, Any] = {
    "reason_code": None,
    "comment": "",
    "scheduled_for": None,
    "due": None,
    "seconds": None,
    "together": None,
    "reasons": [],
    "facts": None,
    "claims": None,
    "checks": None,
    "is_over_live": False,
    "is_signed": False,
    "signed_on": None,
    "text_hash": None,
    "commit": None,
}


@dataclass(frozen=True, slots=True)
class PageState:
    """A page that has revisions: the state of its newest one (`revision`), and what is live.

    `actor`, `reason_code`, `comment` and `at` are of the review that gave the state.  `holder` has taken it until
    `due`.  `is_moved`: the live text is none of those that the newest was made from.  `stale_reasons` say why the live
    text is stale.  `checks_red_n` and `warnings_n` count what was found when it was last read.
    """

    slug: str
    page_type: str
    title: str
    state: str
    revision: int
    hash: str
    live_revision: int | None
    live_hash: str | None
    author: str
    kind: str
    actor: str
    reason_code: str | None
    comment: str
    at: datetime
    scheduled_for: datetime | None
    holder: str | None
    due: datetime | None
    is_moved: bool
    stale_reasons: list[str]
    is_checked: bool
    checks_red_n: int
    warnings_n: int


@dataclass(frozen=True, slots=True)
class Review:
    """Something that was done with a revision; `state` is what it was from then on, None for as before."""

    id: int
    revision: int
    action: str
    state: str | None
    actor: str
    reason_code: str | None
    comment: str
    at: datetime
    scheduled_for: datetime | None
    due: datetime | None
    seconds: int | None
    together: str | None
    reasons: list[str]
    checks: list[dict[str, Any]] | None
    is_signed: bool
    commit: str | None


@dataclass(frozen=True, slots=True)
class StaleTexts:
    """How many texts are live, and how many of them became stale within a time."""

    texts: int
    newly: int

    @property
    def are_too_many(self) -> bool:
        """Whether so many became stale at once that the data are at fault rather than the texts."""
        return self.newly >= _FEWEST and self.newly * _SHARE > self.texts


@dataclass(frozen=True, slots=True)
class _Due:
    slug: str
    revision: int


def states(connection: db.Connection, state: str | None = None, page_type: str | None = None) -> list[PageState]:
    """The pages that have revisions; "stale" are also those whose live text is, whatever the newest one's state."""
    return db.rows(connection, "content_states", PageState, slug=None, state=state, page_type=page_type)


def state(connection: db.Connection, slug: str) -> PageState:
    """A page's state.  Raises Refused where it has no revision."""
    found = state_or_none(connection, slug)
    if found is None:
        raise Refused(f'{slug}: no revision; begin one: build.py content new TYPE "{slug}"')
    return found


def state_or_none(connection: db.Connection, slug: str) -> PageState | None:
    """A page's state; None where it has no revision."""
    found = db.rows(connection, "content_states", PageState, slug=slug, state=None, page_type=None)
    return found[0] if found else None


def stale_since(connection: db.Connection, since: datetime | None) -> StaleTexts:
    """The live texts, and those of them that are stale and were not at an instant; None: before the first."""
    return db.rows(connection, "stale_since", StaleTexts, since=since)[0]


def history(connection: db.Connection, slug: str) -> list[Review]:
    """What was done with a page's revisions, in order."""
    return db.rows(connection, "content_reviews", Review, slug=slug)


def save(connection: db.Connection, action: str, slug: str, number: int, actor: str, at: datetime, **said: Any) -> int:
    """Add a review within an action under way.  Raises Refused where there is no such revision."""
    if said.get("reason_code") not in (None, *REASONS):
        raise Refused(f'{slug}: found the reason "{said["reason_code"]}"; expected one of {", ".join(REASONS)}')
    row = {**_UNSAID, **said, "slug": slug, "number": number, "action": action, "actor": actor, "at": at}
    if not db.execute(connection, "save_review", **row):
        raise Refused(f"{slug}: no revision {number}")
    return last_seq(connection)


def _do(connection: db.Connection, action: str, slug: str, number: int, actor: str, at: datetime, **said: Any) -> int:
    with acting(connection, actor, at, action, slug):
        return save(connection, action, slug, number, actor, at, **said)


def check(connection: db.Connection, slug: str, number: int, reading: Reading, *, actor: str, at: datetime) -> int:
    """Store what a revision reads like today."""
    return _do(connection, "check", slug, number, actor, at, **revisions.as_stored(reading))


def submit(connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, comment: str = "") -> int:
    """Ask for a review of a revision that was checked."""
    return _do(connection, "submit", slug, number, actor, at, comment=comment)


def approve(
    connection: db.Connection,
    slug: str,
    number: int,
    *,
    actor: str,
    at: datetime,
    reading: Reading,
    comment: str = "",
    seconds: int | None = None,
    together: str | None = None,
    publish_now: bool = False,
    for_: datetime | None = None,
    over_live: bool = False,
) -> int:
    """Approve a revision in review, as it reads today; then publish it, or schedule it for a time, where asked to.

    `seconds` is how long the review took, `together` the same for all pages that are approved as one set.
    """
    with acting(connection, actor, at, "approve", slug):
        said = {"comment": comment, "seconds": seconds, "together": together, **revisions.as_stored(reading)}
        seq = save(connection, "approve", slug, number, actor, at, **said)
        if for_ is not None:
            save(connection, "schedule", slug, number, actor, at, scheduled_for=for_)
        elif publish_now:
            save(connection, "publish", slug, number, actor, at, is_over_live=over_live)
        return seq


def request_changes(
    connection: db.Connection,
    slug: str,
    number: int,
    *,
    actor: str,
    at: datetime,
    reason_code: str,
    comment: str,
    seconds: int | None = None,
) -> int:
    """Send a revision in review back to be changed."""
    said = {"reason_code": reason_code, "comment": comment, "seconds": seconds}
    return _do(connection, "request_changes", slug, number, actor, at, **said)


def reject(
    connection: db.Connection,
    slug: str,
    number: int,
    *,
    actor: str,
    at: datetime,
    reason_code: str,
    comment: str,
    seconds: int | None = None,
) -> int:
    """Reject a revision in review."""
    said = {"reason_code": reason_code, "comment": comment, "seconds": seconds}
    return _do(connection, "reject", slug, number, actor, at, **said)


def publish(
    connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, over_live: bool = False
) -> int:
    """Publish an approved revision, which is the newest.

    Raises Refused where the live text moved since the revision was begun, unless it is to be published over that.
    """
    return _do(connection, "publish", slug, number, actor, at, is_over_live=over_live)


def schedule(connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, for_: datetime) -> int:
    """Have the first build after a time publish an approved revision; what is live stays until then."""
    return _do(connection, "schedule", slug, number, actor, at, scheduled_for=for_)


def publish_due(connection: db.Connection, at: datetime, actor: str = CI) -> list[str]:
    """Publish what is scheduled and whose time has come; the pages' slugs.

    One whose live text moved meanwhile stays scheduled, and the audit log says so.
    """
    published = []
    for due in db.rows(connection, "content_due", _Due, at=at):
        try:
            publish(connection, due.slug, due.revision, actor=actor, at=at)
        except Refused:
            continue
        published.append(due.slug)
    return published


def minor_edit(
    connection: db.Connection, draft: Draft, reading: Reading, *, actor: str, base: int, at: datetime
) -> int:
    """Publish a change of at most 200 characters of the live text, outside bindings and claims, in one step."""
    with acting(connection, actor, at, "minor", draft.slug):
        made = revisions.add(connection, draft, reading, actor=actor, kind="human", base=base, at=at, is_minor=True)
        return save(connection, "minor", draft.slug, made.number, actor, at, **revisions.as_stored(reading))


def rollback(
    connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, reading: Reading, comment: str = ""
) -> int:
    """Publish again what a revision says that was approved, as a new one; the reading is today's, of that text."""
    with acting(connection, actor, at, "rollback", slug):
        old = revisions.revision(connection, slug, number)
        base = revisions.revision(connection, slug).number
        made = revisions.add(
            connection, old.draft, reading, actor=actor, kind=old.kind, base=base, at=at, generation=old.generation
        )
        said = {"comment": comment or f"to revision {number}", **revisions.as_stored(reading)}
        return save(connection, "rollback", slug, made.number, actor, at, **said)


def unpublish(
    connection: db.Connection,
    slug: str,
    number: int,
    *,
    actor: str,
    at: datetime,
    comment: str,
    reason_code: str | None = None,
    moved_to: str | None = None,
    is_gone: bool = False,
) -> int:
    """Take the live revision off the site, or a scheduled one off the schedule.

    A guide's page goes; any other page shows its own text again.  `moved_to` is the path where visitors are sent from
    then on; `is_gone`: they are told that it is gone.
    """
    said = {"reason_code": reason_code, "comment": comment}
    with acting(connection, actor, at, "unpublish", slug):
        seq = save(connection, "unpublish", slug, number, actor, at, **said)
        if moved_to or is_gone:
            rule = {"old_path": f"/{slug}/", "new_path": moved_to, "at": at, "actor": actor}
            db.execute(connection, "save_slug_rule", **rule)
        return seq


def archive(connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, comment: str = "") -> int:
    """Put an unpublished revision away."""
    return _do(connection, "archive", slug, number, actor, at, comment=comment)


def take(
    connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, due: datetime | None = None
) -> int:
    """Say that one has this page, until a time; it ends with the next change of its state."""
    return _do(connection, "take", slug, number, actor, at, due=due)


def comment(connection: db.Connection, slug: str, number: int, *, actor: str, at: datetime, text: str) -> int:
    """Say something about a revision."""
    return _do(connection, "comment", slug, number, actor, at, comment=text)


def mark_stale(
    connection: db.Connection, slug: str, reasons: Iterable[str], at: datetime, actor: str = BUILD
) -> int | None:
    """Say why the live text is stale, or with no reasons that it no longer is; None where that was said already."""
    found = state(connection, slug)
    stated = sorted(reasons)
    if stated == sorted(found.stale_reasons) or found.live_revision is None:
        return None
    return _do(connection, "mark_stale", slug, found.live_revision, actor, at, reasons=stated)
