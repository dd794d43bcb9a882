"""Editors, drafts, and pages in each state."""

from datetime import UTC, datetime

import pytest

from generator.desk import editors, revisions, states
from generator.desk.drafts import Draft, Finding, Reading

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
GREEN = Reading()
RED = Reading(findings=(Finding("F1", "block", "text", 0, 1, "3", "a number that no binding makes"),))
PAGE = "gpu/h100-sxm"


def draft(text="It starts at {{ floor:h100-sxm }}.", slug=PAGE, title=""):
    return Draft(slug, "gpu", title, "", text)


@pytest.fixture
def desk(connection):
    """A database with an editor, two reviewers and an admin; committed, so that refusals can be logged."""
    for name, role in (("ada", "admin"), ("jo", "editor"), ("kim", "reviewer"), ("lee", "reviewer")):
        editors.add_editor(connection, name, role, actor="ada", at=AT)
    connection.commit()
    return connection


def drafted(connection, text="It starts at {{ floor:h100-sxm }}.", actor="jo", reading=GREEN, **more):
    """The number of a new revision of the page."""
    newest = revisions.newest(connection, PAGE)
    base = newest.number if newest else None
    made = revisions.new_revision(connection, draft(text), reading, actor=actor, kind="human", base=base, at=AT, **more)
    connection.commit()
    return made.number


def in_review(connection, **more):
    number = drafted(connection, **more)
    states.submit(connection, PAGE, number, actor="jo", at=AT)
    connection.commit()
    return number


def approved(connection, reviewer="kim", **more):
    number = in_review(connection, **more)
    states.approve(connection, PAGE, number, actor=reviewer, at=AT, reading=GREEN)
    connection.commit()
    return number


def published(connection, **more):
    number = approved(connection, **more)
    states.publish(connection, PAGE, number, actor="jo", at=AT)
    connection.commit()
    return number
