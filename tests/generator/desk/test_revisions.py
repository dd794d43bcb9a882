"""The texts that a draft is compared with."""

import pytest

from generator.desk import revisions, states
from tests.generator.desk.conftest import AT, GREEN, draft, published

pytestmark = pytest.mark.postgres
OTHER = "gpu/h200-sxm"
SENTENCES = {"prompt": "template:sentences@3"}


def drafted(connection, text, slug=OTHER, kind="human", **more):
    one = draft(text, slug)
    made = revisions.new_revision(connection, one, GREEN, actor="jo", kind=kind, base=None, at=AT, **more)
    states.submit(connection, slug, made.number, actor="jo", at=AT)
    connection.commit()
    return one


def test_two_drafts_that_wait_are_compared_with_each_other_until_one_is_rejected(desk):
    one, other = drafted(desk, "Alike."), drafted(desk, "Alike.", "gpu/l40s")
    assert revisions.others(desk, one).waiting["gpu/l40s"].markdown == "Alike."
    assert revisions.others(desk, other).waiting[OTHER].markdown == "Alike."
    states.reject(desk, OTHER, 1, actor="kim", at=AT, reason_code="duplicate", comment="As the other.")
    assert OTHER not in revisions.others(desk, other).waiting


def test_a_live_text_counts_beside_the_draft_that_is_to_replace_it(desk):
    published(desk, text="Live.")
    newer = revisions.new_revision(desk, draft("Newer."), GREEN, actor="jo", kind="human", base=1, at=AT)
    found = revisions.others(desk, drafted(desk, "Another."))
    assert [one.markdown for one in found.live.values()] == ["Live."]
    assert found.waiting[newer.slug].markdown == "Newer."


def test_the_pages_own_sentences_are_not_compared_with_each_other(desk):
    one = drafted(desk, "Own.", kind="template", generation=SENTENCES)
    other = drafted(desk, "Own.", "gpu/l40s", kind="template", generation=SENTENCES)
    assert "gpu/l40s" not in revisions.others(desk, one).waiting
    assert revisions.others(desk, draft("New.", "gpu/a40"), "template:sentences@3").waiting == {}
    assert set(revisions.others(desk, draft("Written.", "gpu/a40")).waiting) == {one.slug, other.slug}
