"""content: what becomes of a draft: submit, approve, send back, publish, schedule, take off, go back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import click

from generator.commands import desk_reading
from generator.commands.console import say
from generator.commands.desk_options import (
    actor_option,
    at_desk,
    comment_option,
    number_of,
    page_of,
    reason_option,
    revision_option,
    slug_argument,
    tell,
    time_type,
    why_option,
)
from generator.commands.options import json_option, pass_settings
from generator.database import clocks
from generator.desk import revisions, states
from generator.settings import Settings


@click.command()
@slug_argument
@revision_option
@comment_option
@actor_option
@json_option
@pass_settings
def submit(settings: Settings, slug: str, revision: int | None, comment: str, actor: str, as_json: bool) -> None:
    """Check a draft and ask for its review.

    \b
    Example:
      build.py content submit guides/spot --actor jo
    """
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        number = number_of(connection, page, revision)
        reading = desk_reading.read(connection, settings, revisions.revision(connection, page, number).draft)
        connection.commit()
        states.check(connection, page, number, reading, actor=actor, at=now)
        seq = states.submit(connection, page, number, actor=actor, at=now, comment=comment)
        tell(connection, page, f"revision {number} is in review", seq, as_json=as_json)
        for finding in reading.findings:
            say(f"{finding.severity}: {finding.rule}: {finding.message}", quiet=as_json)


@click.command("request-changes")
@slug_argument
@revision_option
@reason_option
@why_option
@actor_option
@json_option
@pass_settings
def request_changes(
    settings: Settings, slug: str, revision: int | None, reason: str, comment: str, actor: str, as_json: bool
) -> None:
    """Send a draft that is in review back to be changed.

    \b
    Example:
      build.py content request-changes guides/spot --reason tone --comment "Too many adjectives." --actor jo
    """
    _send_back(settings, states.request_changes, slug, revision, _Why(actor, reason, comment), as_json=as_json)


@click.command()
@slug_argument
@revision_option
@reason_option
@why_option
@actor_option
@json_option
@pass_settings
def reject(
    settings: Settings, slug: str, revision: int | None, reason: str, comment: str, actor: str, as_json: bool
) -> None:
    """Reject a draft that is in review; only a new draft goes on from there.

    \b
    Example:
      build.py content reject guides/spot --reason duplicate --comment "As guides/preemptible." --actor jo
    """
    _send_back(settings, states.reject, slug, revision, _Why(actor, reason, comment), as_json=as_json)


class _Why(NamedTuple):
    actor: str
    code: str
    comment: str


def _send_back(
    settings: Settings, act: Callable[..., int], slug: str, number: int | None, why: _Why, *, as_json: bool
) -> None:
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        number = number_of(connection, page, number)
        seq = act(connection, page, number, actor=why.actor, at=now, reason_code=why.code, comment=why.comment)
        done = "is rejected" if act is states.reject else "goes back to be changed"
        tell(connection, page, f"revision {number} {done}", seq, as_json=as_json)


@click.command()
@slug_argument
@revision_option
@click.option("--at", "time", type=time_type, required=True, help="The first build after this time publishes it.")
@actor_option
@json_option
@pass_settings
def schedule(settings: Settings, slug: str, revision: int | None, time: datetime, actor: str, as_json: bool) -> None:
    """Have an approved draft published at a time; what is live stays until then.

    \b
    Example:
      build.py content schedule guides/spot --at 2027-01-11T08:00Z --actor jo
    """
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        number = number_of(connection, page, revision)
        seq = states.schedule(connection, page, number, actor=actor, at=now, for_=time.astimezone(UTC))
        tell(connection, page, f"revision {number} goes live after {clocks.stamp(time)}", seq, as_json=as_json)


@click.command()
@slug_argument
@click.option("--to", "number", type=click.IntRange(min=1), required=True, help="The revision to go back to.")
@comment_option
@actor_option
@json_option
@pass_settings
def rollback(settings: Settings, slug: str, number: int, comment: str, actor: str, as_json: bool) -> None:
    """Publish again what an approved revision says, as a new revision, if it passes today's checks.

    \b
    Example:
      build.py content rollback guides/spot --to 3 --actor jo
    """
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        reading = desk_reading.read(connection, settings, revisions.revision(connection, page, number).draft)
        connection.commit()
        seq = states.rollback(connection, page, number, actor=actor, at=now, reading=reading, comment=comment)
        tell(
            connection,
            page,
            f"revision {number} is live again; build.py render puts it on the site",
            seq,
            as_json=as_json,
        )


@click.command()
@slug_argument
@comment_option
@actor_option
@json_option
@pass_settings
def archive(settings: Settings, slug: str, comment: str, actor: str, as_json: bool) -> None:
    """Put a text away that was taken off the site.

    \b
    Example:
      build.py content archive guides/spot --actor jo
    """
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        number = number_of(connection, page, None)
        seq = states.archive(connection, page, number, actor=actor, at=now, comment=comment)
        tell(connection, page, "archived", seq, as_json=as_json)


def approve_revision(
    settings: Settings, slug: str, number: int | None, actor: str, comment: str, *, publishes: bool, as_json: bool
) -> None:
    """Approve a draft in review, as it reads today; for `content approve`."""
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        number = number_of(connection, page, number)
        reading = desk_reading.read(connection, settings, revisions.revision(connection, page, number).draft)
        connection.commit()
        seq = states.approve(
            connection, page, number, actor=actor, at=now, reading=reading, comment=comment, publish_now=publishes
        )
        done = "approved and live; build.py render puts it on the site" if publishes else "approved"
        tell(connection, page, f"revision {number} is {done}", seq, as_json=as_json)


def publish_revision(settings: Settings, slug: str, actor: str, *, over_live: bool, as_json: bool) -> None:
    """Publish an approved draft; for `content publish`."""
    with at_desk(settings) as (connection, now):
        page = page_of(connection, slug)
        number = number_of(connection, page, None)
        seq = states.publish(connection, page, number, actor=actor, at=now, over_live=over_live)
        tell(connection, page, "published; build.py render puts it on the site", seq, as_json=as_json)
