"""What editors and reviewers do with a draft; each ends on the page that comes next."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.responses import Response

from generator.desk import revisions, states
from generator.desk.app import answers, queue, sought
from generator.desk.app.asked import Asked, Refusal
from generator.desk.app.desk import Desk
from generator.desk.app.page_view import edited
from generator.desk.app.words import REASONS
from generator.desk.drafts import Draft
from generator.desk.revisions import Revision

Act = Callable[[Desk, Asked], Response]


def approve(desk: Desk, asked: Asked) -> Response:
    """Approve a draft, which publishes it, or keeps it for its time; the next one opens."""
    slug, number = asked.parts["slug"], asked.number("number")
    after = queue.next_after(asked.connection, slug, asked.actor)
    at = _time(asked, "for") if asked.field("for") else None
    reading = desk.drafts.read(sought.revision(asked, slug, number).draft)
    states.approve(
        asked.connection,
        slug,
        number,
        actor=asked.actor,
        at=asked.at,
        reading=reading,
        seconds=asked.seconds(),
        publish_now=at is None,
        for_=at,
        over_live=bool(asked.field("over_live")),
    )
    return _next(asked, after, f"{slug} is {'scheduled' if at else 'approved and published'}.")


def request_changes(_: Desk, asked: Asked) -> Response:
    """Send a draft back to its author, with a reason."""
    return _sent_back(asked, states.request_changes, "a change of {} is requested.")


def reject(_: Desk, asked: Asked) -> Response:
    """Reject a draft, with a reason."""
    return _sent_back(asked, states.reject, "{} is rejected.")


def submit(_: Desk, asked: Asked) -> Response:
    """Hand a draft in for review."""
    return _done(asked, states.submit, "{} waits for review.")


def publish(_: Desk, asked: Asked) -> Response:
    """Publish what was approved."""
    slug, number = asked.parts["slug"], asked.number("number")
    over_live = bool(asked.field("over_live"))
    states.publish(asked.connection, slug, number, actor=asked.actor, at=asked.at, over_live=over_live)
    return _back(asked, slug, f"{slug} is published; the next build shows it.")


def schedule(_: Desk, asked: Asked) -> Response:
    """Publish what was approved at a time; the live text stays until then."""
    slug, number, at = asked.parts["slug"], asked.number("number"), _time(asked, "for")
    states.schedule(asked.connection, slug, number, actor=asked.actor, at=asked.at, for_=at)
    return _back(asked, slug, f"{slug} goes live with the first build after {at:%d %b %Y, %H:%M} UTC.")


def unpublish(_: Desk, asked: Asked) -> Response:
    """Take a page's text off the site; nothing of it is deleted."""
    slug, number = asked.parts["slug"], asked.number("number")
    reason = _reason(asked)
    said = asked.field("comment")
    states.unpublish(asked.connection, slug, number, actor=asked.actor, at=asked.at, reason_code=reason, comment=said)
    return _back(asked, slug, f"{slug} leaves the site with the next build.")


def rollback(desk: Desk, asked: Asked) -> Response:
    """Publish again what was approved before, as a new revision, if it passes today's checks."""
    slug, number = asked.parts["slug"], asked.number("number")
    reading = desk.drafts.read(sought.revision(asked, slug, number).draft)
    states.rollback(asked.connection, slug, number, actor=asked.actor, at=asked.at, reading=reading)
    return _back(asked, slug, f"{slug} says again what revision {number} did.")


def restore(desk: Desk, asked: Asked) -> Response:
    """Make a draft that is equal to an old revision."""
    slug, number = asked.parts["slug"], asked.number("number")
    draft, newest = (sought.revision(asked, slug, one) for one in (number, None))
    made = _new(desk, asked, draft.draft, newest.number)
    return _back(asked, slug, f"revision {made.number} is a draft equal to revision {number}.")


def archive(_: Desk, asked: Asked) -> Response:
    """Put a text away for good; it keeps its history."""
    return _done(asked, states.archive, "{} is archived.")


def take(_: Desk, asked: Asked) -> Response:
    """Say "I have this one", until a time."""
    slug, number, due = asked.parts["slug"], asked.number("number"), _time(asked, "due")
    states.take(asked.connection, slug, number, actor=asked.actor, at=asked.at, due=due)
    return _back(asked, slug, f"you have {slug} until {due:%d %b %Y}.")


def comment(_: Desk, asked: Asked) -> Response:
    """Say something about a draft, or about a part of it."""
    slug, number = asked.parts["slug"], asked.number("number")
    text, quote = asked.field("comment"), asked.field("quote")
    if not text:
        raise Refusal(400, "a comment without words")
    said = f"“{quote[:200]}”: {text}" if quote else text
    states.comment(asked.connection, slug, number, actor=asked.actor, at=asked.at, text=said)
    return _back(asked, slug, "the comment is kept.")


def edit(desk: Desk, asked: Asked) -> Response:
    """Save a new revision, and hand it in for review; or publish it at once, where it is a minor edit."""
    slug, base = asked.parts["slug"], asked.number("number")
    draft = edited(asked, sought.revision(asked, slug, base))
    if asked.field("minor"):
        reading = desk.drafts.read(draft)
        states.minor_edit(asked.connection, draft, reading, actor=asked.actor, base=base, at=asked.at)
        return _back(asked, slug, f"{slug} is published as a minor edit.")
    made = _new(desk, asked, draft, base)
    if made.number == base:
        return _back(asked, slug, "nothing differs; no revision was made.")
    if not asked.field("keep"):
        states.submit(asked.connection, slug, made.number, actor=asked.actor, at=asked.at)
    waits = "is kept as a draft" if asked.field("keep") else "waits for review"
    return _back(asked, slug, f"revision {made.number} of {slug} {waits}.")


def _new(desk: Desk, asked: Asked, draft: Draft, base: int) -> Revision:
    reading = desk.drafts.read(draft)
    return revisions.new_revision(
        asked.connection, draft, reading, actor=asked.actor, kind="human", base=base, at=asked.at
    )


def _sent_back(asked: Asked, act: Callable[..., int], said: str) -> Response:
    slug, number = asked.parts["slug"], asked.number("number")
    after = queue.next_after(asked.connection, slug, asked.actor)
    reason, text = _reason(asked), asked.field("comment")
    if not text:
        raise Refusal(400, "a reason needs a sentence, which the author of the draft reads")
    said_why = {"reason_code": reason, "comment": text, "seconds": asked.seconds()}
    act(asked.connection, slug, number, actor=asked.actor, at=asked.at, **said_why)
    return _next(asked, after, said.format(slug))


def _done(asked: Asked, act: Callable[..., int], said: str) -> Response:
    slug, number = asked.parts["slug"], asked.number("number")
    act(asked.connection, slug, number, actor=asked.actor, at=asked.at)
    return _back(asked, slug, said.format(slug))


def _reason(asked: Asked) -> str:
    stated = asked.field("reason")
    if stated not in REASONS:
        raise Refusal(400, f"reason {stated[:40]!r}: expected one of {', '.join(REASONS)}")
    return stated


def _time(asked: Asked, name: str) -> datetime:
    """A time of the form, UTC: "2026-11-27T10:00", or a day, which lasts to its end."""
    stated = asked.field(name)
    try:
        found = datetime.fromisoformat(stated if "T" in stated else f"{stated}T23:59")
    except ValueError:
        raise Refusal(400, f"{name} {stated[:40]!r}: expected a time such as 2026-11-27T10:00") from None
    found = found.replace(tzinfo=found.tzinfo or UTC)
    if found <= asked.at:
        raise Refusal(400, f"{name} {stated}: that time is over")
    return found


def _next(asked: Asked, slug: str, said: str) -> Response:
    asked.session.said = said[0].upper() + said[1:]
    return answers.go_to(f"/page/{slug}" if slug else "/")


def _back(asked: Asked, slug: str, said: str) -> Response:
    asked.session.said = said[0].upper() + said[1:]
    return answers.go_to(f"/page/{slug}")
