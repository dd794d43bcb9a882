"""Files and the database's revisions: a file that changed is one more revision, after that the database wins."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from generator.database import db
from generator.desk import revisions, states
from generator.desk.acting import Refused
from generator.desk.drafts import Draft, Reading
from generator.desk.texts import draft_of
from generator.site import content
from tests.generator.site.test_content import AT, DRAFT, approved, off
from tests.sql.samples import one

pytestmark = pytest.mark.postgres

SLUG = "guides/nodes"
NEW = replace(DRAFT, text="# Nodes\n\nNew.")


def edited(connection, text="# Nodes\n\nBy an editor."):
    """A text that the desk made live; nobody is registered but kim."""
    connection.execute(
        "insert into editors (name, role) values ('kim', 'reviewer') on conflict (name) do update set role = 'reviewer'"
    )
    base = revisions.revision(connection, SLUG).number
    draft = replace(draft_of(DRAFT), markdown=text)
    made = revisions.new_revision(connection, draft, Reading(), actor="kim", kind="human", base=base, at=AT)
    states.submit(connection, SLUG, made.number, actor="kim", at=AT)
    states.approve(connection, SLUG, made.number, actor="kim", at=AT, reading=Reading(), publish_now=True)
    return made


def test_a_signed_file_is_a_revision_with_its_approval(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    found = revisions.revision(connection, SLUG)
    assert (found.hash, found.text_hash, found.is_from_file) == (draft_of(DRAFT).hash, DRAFT.hash, True)
    assert [(one.action, one.actor, one.is_signed) for one in states.history(connection, SLUG)] == [
        ("draft", "CloudGPUs", False), ("approve", "Jo Doe", True), ("publish", "ci", False),
    ]  # fmt: skip


def test_an_unchanged_file_imports_nothing_and_the_database_wins(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    edited(connection)
    content.import_texts(connection, [approved(DRAFT)], AT)
    (live,) = content.published_texts(connection)
    assert (live.text, live.reviewed_by, live.is_approved) == ("# Nodes\n\nBy an editor.", "kim", True)
    assert len(revisions.revisions(connection, SLUG)) == 2


def test_a_changed_file_waits_where_the_live_text_moved_meanwhile(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    edited(connection)
    connection.commit()
    content.import_texts(connection, [approved(NEW)], AT)
    found = states.state(connection, SLUG)
    assert (found.state, found.is_moved, found.live_revision) == ("approved", True, 2)
    connection.commit()
    with pytest.raises(Refused, match="the live text moved to revision 2 by kim"):
        states.publish(connection, SLUG, 3, actor="kim", at=AT)
    states.publish(connection, SLUG, 3, actor="kim", at=AT, over_live=True)
    assert content.published_texts(connection)[0].text == NEW.text


def test_a_text_of_a_later_day_is_scheduled(connection):
    later = replace(DRAFT, published_on=date(2026, 3, 9))
    content.import_texts(connection, [approved(later)], AT)
    found = states.state(connection, SLUG)
    assert (found.state, found.scheduled_for) == ("scheduled", datetime(2026, 3, 9, tzinfo=UTC))
    content.import_texts(connection, [approved(later)], AT + timedelta(days=7))
    assert content.published_texts(connection) == ()
    content.import_texts(connection, [approved(later)], AT + timedelta(days=8))
    assert content.published_texts(connection) == (approved(later),)


def test_what_an_import_would_do_is_known_before(connection):
    for files in ([approved(DRAFT)], [NEW], [approved(NEW)]):
        foreseen = content.live(connection, files, AT).texts
        content.import_texts(connection, files, AT)
        assert content.published_texts(connection) == foreseen
    off(connection)
    assert content.live(connection, [approved(NEW)], AT).texts == ()


def test_a_build_adds_to_a_page_with_approved_words_and_leaves_the_words(connection):
    connection.execute("insert into editors (name, role) values ('kim', 'reviewer')")
    draft = Draft("gpu/h100", "gpu", "", "Own description.", "Own words.")
    page = content.PageText("gpu/h100", "gpu", "T", "D", "https://x/1", "<p>", "Words", "{}", [], [])
    staged(connection, page)
    made = revisions.new_revision(connection, draft, Reading(), actor="kim", kind="human", base=None, at=AT)
    states.submit(connection, "gpu/h100", made.number, actor="kim", at=AT)
    states.approve(connection, "gpu/h100", made.number, actor="kim", at=AT, reading=Reading(), publish_now=True)
    staged(connection, page._replace(title="T2", canonical_url="https://x/2", content_markdown="Other"))
    columns = (
        "select array[title, meta_description, content_markdown, canonical_url, generation_model] from content_pages"
    )
    assert one(connection, columns) == ["T2", "Own description.", "Own words.", "https://x/2", "human"]
    states.unpublish(connection, "gpu/h100", made.number, actor="kim", at=AT, comment="Old.")
    staged(connection, page)
    assert one(connection, columns) == ["T", "D", "Words", "https://x/1", "template"]


def staged(connection, page):
    db.execute(connection, "save_content_stage")
    content.stage_pages(connection, [page], AT)
    content.save_pages(connection, AT)
    connection.commit()


def test_approved_words_move_the_prose_of_their_page(connection):
    connection.execute("insert into editors (name, role) values ('kim', 'reviewer')")
    connection.execute("delete from moved_slices")
    draft = Draft("gpu/h100", "gpu", "", "", "Own words.")
    made = revisions.new_revision(connection, draft, Reading(), actor="kim", kind="human", base=None, at=AT)
    states.submit(connection, "gpu/h100", made.number, actor="kim", at=AT)
    assert one(connection, "select count(*) from moved_slices") == 0
    states.approve(connection, "gpu/h100", made.number, actor="kim", at=AT, reading=Reading(), publish_now=True)
    assert one(connection, "select array_agg(distinct slice) from moved_slices") == ["prose:gpu/h100"]
    connection.execute("delete from moved_slices")
    states.unpublish(connection, "gpu/h100", made.number, actor="kim", at=AT, comment="Old.")
    assert one(connection, "select array_agg(distinct slice) from moved_slices") == ["prose:gpu/h100"]
