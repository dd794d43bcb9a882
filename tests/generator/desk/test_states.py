"""Each transition, and each that is refused, on a real PostgreSQL."""

from datetime import timedelta

import psycopg
import pytest

from generator.desk import audit, editors, revisions, states
from generator.desk.acting import Refused
from generator.desk.drafts import Reading
from tests.generator.desk.conftest import AT, GREEN, PAGE, RED, approved, draft, drafted, in_review, published
from tests.sql.samples import one

pytestmark = pytest.mark.postgres

LATER = AT + timedelta(days=2)
NUMBERED = {"actor": "jo", "at": AT}
SENT_BACK = {"actor": "kim", "at": AT, "reason_code": "tone", "comment": "Too loud."}


def refused(connection, match):
    """What is refused says why, and leaves an audit row."""
    return _Refused(connection, match)


class _Refused:
    def __init__(self, connection, match):
        self.connection, self.match = connection, match

    def __enter__(self):
        self.before = len(audit.audit(self.connection))
        self.connection.commit()
        self.raised = pytest.raises(Refused, match=self.match)
        self.raised.__enter__()

    def __exit__(self, *error):
        done = self.raised.__exit__(*error)
        log = audit.audit(self.connection)
        self.connection.commit()
        assert log[-1].action == "refused"
        assert len(log) == self.before + 1
        return done


def state(connection):
    return states.state(connection, PAGE).state


def row(connection):
    return connection.execute(
        "select is_published, title, content_markdown, live_revision_id is not null from content_pages where slug = %s",
        [PAGE],
    ).fetchone()


def test_a_draft_is_reviewed_approved_and_published(desk):
    number = drafted(desk)
    assert state(desk) == "draft"
    assert states.submit(desk, PAGE, number, **NUMBERED) > 0
    assert state(desk) == "in_review"
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN, seconds=40)
    assert state(desk) == "approved"
    states.publish(desk, PAGE, number, **NUMBERED)
    found = states.state(desk, PAGE)
    assert (found.state, found.live_revision, found.live_hash) == ("published", 1, draft().hash)
    assert row(desk) == (True, PAGE, draft().markdown, True)
    assert [one.action for one in states.history(desk, PAGE)] == ["draft", "submit", "approve", "publish"]
    assert states.history(desk, PAGE)[2].seconds == 40


def test_an_approval_publishes_in_one_step_or_schedules(desk):
    number = in_review(desk)
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN, publish_now=True)
    assert state(desk) == "published"
    number = in_review(desk, text="Other.")
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN, publish_now=True, for_=LATER)
    found = states.state(desk, PAGE)
    assert (found.state, found.scheduled_for, found.live_revision) == ("scheduled", LATER, 1)


def test_what_is_sent_back_is_a_draft_with_its_reason(desk):
    number = in_review(desk)
    states.request_changes(desk, PAGE, number, **SENT_BACK)
    found = states.state(desk, PAGE)
    assert (found.state, found.reason_code, found.comment) == ("draft", "tone", "Too loud.")
    states.submit(desk, PAGE, number, **NUMBERED)
    states.reject(desk, PAGE, number, **SENT_BACK)
    assert state(desk) == "rejected"


@pytest.mark.parametrize("made", [drafted, in_review, approved, published])
def test_only_the_transitions_of_the_table_are_possible(desk, made):
    number = made(desk)
    possible = {
        drafted: {"submit"}, in_review: {"approve", "request_changes", "reject"}, approved: {"publish", "schedule"},
        published: {"unpublish", "mark_stale"},
    }[made]  # fmt: skip
    tries = {
        "submit": lambda: states.submit(desk, PAGE, number, **NUMBERED),
        "approve": lambda: states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN),
        "request_changes": lambda: states.request_changes(desk, PAGE, number, **SENT_BACK),
        "reject": lambda: states.reject(desk, PAGE, number, **SENT_BACK),
        "publish": lambda: states.publish(desk, PAGE, number, **NUMBERED),
        "schedule": lambda: states.schedule(desk, PAGE, number, **NUMBERED, for_=LATER),
        "unpublish": lambda: states.unpublish(desk, PAGE, number, **NUMBERED, comment="Old."),
        "archive": lambda: states.archive(desk, PAGE, number, **NUMBERED),
    }
    for name in tries.keys() - possible:
        with refused(desk, f"{PAGE} is .*: {name.replace('_', ' ')} is not possible from there"):
            tries[name]()


def test_a_text_taken_off_leaves_the_page_its_own_and_can_be_archived(desk):
    number = published(desk)
    states.unpublish(desk, PAGE, number, **NUMBERED, comment="Old.", is_gone=True)
    assert (state(desk), row(desk)[0], row(desk)[3]) == ("unpublished", True, False)
    assert one(desk, "select old_path || status from slug_history") == f"/{PAGE}/410"
    states.archive(desk, PAGE, number, **NUMBERED)
    assert state(desk) == "archived"


def test_unpublishing_needs_a_reason(desk):
    number = published(desk)
    with refused(desk, "without a reason"):
        states.unpublish(desk, PAGE, number, **NUMBERED, comment=" ")


@pytest.mark.parametrize(("code", "comment"), [("nosuch", "x"), ("tone", " "), (None, "x")])
def test_sending_back_needs_a_known_reason(desk, code, comment):
    number = in_review(desk)
    with refused(desk, "reason"):
        states.reject(desk, PAGE, number, actor="kim", at=AT, reason_code=code, comment=comment)


@pytest.mark.parametrize(("actor", "found"), [("jo", "an editor"), ("nobody", "nobody of that name"), ("ci", "nobody")])
def test_only_a_reviewer_approves(desk, actor, found):
    number = in_review(desk)
    with refused(desk, f'"{actor}" may not approve: expected an active reviewer, found {found}'):
        states.approve(desk, PAGE, number, actor=actor, at=AT, reading=GREEN)


def test_somebody_inactive_does_nothing(desk):
    number = in_review(desk)
    editors.deactivate(desk, "kim", actor="ada", at=AT)
    editors.deactivate(desk, "jo", actor="ada", at=AT)
    desk.commit()
    with refused(desk, "may not approve"):
        states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN)
    with refused(desk, '"jo" may not draft: expected an active editor'):
        drafted(desk, text="Other.")


def test_nobody_approves_what_they_wrote_last_unless_alone(desk):
    number = in_review(desk, actor="kim")
    with refused(desk, "kim wrote it last; expected another reviewer"):
        states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN)
    for name in ("jo", "lee", "ada"):
        editors.deactivate(desk, name, actor="ada", at=AT)
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN)
    assert state(desk) == "approved"


def test_a_red_check_blocks_the_approval_and_a_green_one_later_lets_it_pass(desk):
    number = in_review(desk, reading=RED)
    with refused(desk, "breaks F1; expected every blocking check to be green"):
        states.approve(desk, PAGE, number, actor="kim", at=AT, reading=RED)
    with pytest.raises(psycopg.errors.RaiseException, match="breaks F1"), desk.transaction():
        desk.execute(
            "insert into content_reviews (page_id, revision_id, action, actor, at)"
            " select page_id, id, 'approve', 'kim', now() from content_revisions"
        )
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN)
    assert state(desk) == "approved"


def test_a_check_that_states_a_later_time_does_not_outlast_one_that_was_stored_after_it(desk):
    number = in_review(desk)
    states.check(desk, PAGE, number, GREEN, actor="jo", at=LATER)
    states.check(desk, PAGE, number, RED, **NUMBERED)
    assert states.state(desk, PAGE).checks_red_n == 1


def test_what_was_not_checked_is_not_submitted(desk):
    number = drafted(desk, reading=None)
    with refused(desk, "revision 1 was not checked"):
        states.submit(desk, PAGE, number, **NUMBERED)
    states.check(desk, PAGE, number, RED, **NUMBERED)
    states.submit(desk, PAGE, number, **NUMBERED)
    assert (state(desk), states.state(desk, PAGE).checks_red_n) == ("in_review", 1)


def test_the_second_of_two_editors_is_told_that_the_draft_moved(desk):
    drafted(desk)
    drafted(desk, text="Second.", actor="lee")
    with refused(desk, "the draft moved: revision 2 by lee is newer than 1"):
        revisions.new_revision(desk, draft("Third."), GREEN, actor="jo", kind="human", base=1, at=AT)


def test_an_edit_voids_the_approval_before_it(desk):
    number = approved(desk)
    drafted(desk, text="Newer.")
    with refused(desk, "revision 1 is not the newest: 2 by jo is newer"):
        states.publish(desk, PAGE, number, **NUMBERED)


def test_the_same_text_is_no_new_revision(desk):
    assert drafted(desk) == drafted(desk) == 1


def test_a_scheduled_text_goes_live_with_the_first_build_after_its_time(desk):
    number = approved(desk)
    with refused(desk, "expected a time to come"):
        states.schedule(desk, PAGE, number, **NUMBERED, for_=AT)
    states.schedule(desk, PAGE, number, **NUMBERED, for_=LATER)
    assert states.publish_due(desk, AT) == []
    with refused(desk, "its time has not come"):
        states.publish(desk, PAGE, number, actor="ci", at=AT)
    assert states.publish_due(desk, LATER) == [PAGE]
    assert (state(desk), states.publish_due(desk, LATER)) == ("published", [])


def test_ci_schedules_nothing_that_a_person_approved(desk):
    number = approved(desk)
    with refused(desk, "ci schedules nothing but what was signed in a file"):
        states.schedule(desk, PAGE, number, actor="ci", at=AT, for_=LATER)


def test_a_minor_edit_is_live_at_once(desk):
    published(desk, text="It start at {{ floor:h100-sxm }}.")
    states.minor_edit(desk, draft("It starts at {{ floor:h100-sxm }}."), GREEN, actor="jo", base=1, at=AT)
    assert (state(desk), states.state(desk, PAGE).live_revision) == ("published", 2)
    assert row(desk)[2] == "It starts at {{ floor:h100-sxm }}."


@pytest.mark.parametrize("text", [
    "It starts at {{ floor:a100 }}.", "It starts at {{ floor:h100-sxm }} or {{ floor:a100 }}.",
    "It starts at {{ floor:h100-sxm }}." + "x" * 201,
    '{% claim cheaper_than(a="x", b="y") %}It was.{% endclaim %} It starts at {{ floor:h100-sxm }}.',
])  # fmt: skip
def test_a_larger_edit_is_not_minor(desk, text):
    published(desk)
    with refused(desk, "is no minor edit of what is live"):
        states.minor_edit(desk, draft(text), GREEN, actor="jo", base=1, at=AT)
    assert [one.number for one in revisions.revisions(desk, PAGE)] == [1]


def test_a_minor_edit_needs_green_checks_and_the_same_title(desk):
    published(desk)
    with refused(desk, "breaks F1"):
        states.minor_edit(desk, draft("It starts at {{ floor:h100-sxm }}!"), RED, actor="jo", base=1, at=AT)
    claimed = draft("It starts at {{ floor:h100-sxm }}.").__class__(PAGE, "gpu", "", "", draft().markdown, {"a": 1})
    with refused(desk, "no other field|or other field"):
        states.minor_edit(desk, claimed, GREEN, actor="jo", base=1, at=AT)


def test_rolling_back_makes_a_new_revision_equal_to_the_old_one(desk):
    published(desk)
    published(desk, text="Second.")
    states.rollback(desk, PAGE, 1, actor="jo", at=AT, reading=GREEN)
    assert (states.state(desk, PAGE).live_revision, row(desk)[2]) == (3, draft().markdown)
    assert [one.hash for one in revisions.revisions(desk, PAGE)][::2] == [draft().hash] * 2


def test_rolling_back_needs_an_approved_text_that_passes_todays_checks(desk):
    drafted(desk)
    published(desk, text="Second.")
    with refused(desk, "nobody approved a text of the hash"):
        states.rollback(desk, PAGE, 1, actor="jo", at=AT, reading=GREEN)
    with refused(desk, "breaks F1"):
        states.rollback(desk, PAGE, 2, actor="jo", at=AT, reading=RED)
    with refused(desk, "no revision 9"):
        states.rollback(desk, PAGE, 9, actor="jo", at=AT, reading=GREEN)


def test_a_stale_text_stays_live_and_says_why_once(desk):
    number = published(desk)
    assert states.mark_stale(desk, PAGE, ["claim: no longer cheaper"], AT) > 0
    assert states.mark_stale(desk, PAGE, ["claim: no longer cheaper"], AT) is None
    assert (state(desk), row(desk)[0]) == ("stale", True)
    drafted(desk, text="Better.")
    (found,) = states.states(desk, "stale")
    assert (found.state, found.live_revision, found.stale_reasons) == ("draft", number, ["claim: no longer cheaper"])
    assert states.mark_stale(desk, PAGE, [], AT) > 0
    assert states.states(desk, "stale") == []


def test_who_has_taken_a_page_has_it_until_its_state_changes(desk):
    number = in_review(desk)
    states.take(desk, PAGE, number, actor="kim", at=AT, due=LATER)
    states.comment(desk, PAGE, number, actor="lee", at=AT, text="Mind the second sentence.")
    found = states.state(desk, PAGE)
    assert (found.holder, found.due, found.state) == ("kim", LATER, "in_review")
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN)
    assert states.state(desk, PAGE).holder is None


def test_an_approved_draft_does_not_undo_what_went_live_meanwhile(desk):
    published(desk)
    states.minor_edit(desk, draft("It starts at {{ floor:h100-sxm }}!"), GREEN, actor="jo", base=1, at=AT)
    made = revisions.add(desk, draft("From a file."), GREEN, actor="x", kind="human", base=1, at=AT, is_from_file=True)
    states.submit(desk, PAGE, made.number, **NUMBERED)
    states.approve(desk, PAGE, made.number, actor="kim", at=AT, reading=GREEN)
    desk.commit()
    assert states.state(desk, PAGE).is_moved
    with refused(desk, "the live text moved to revision 2 by jo since revision 3 was begun"):
        states.publish(desk, PAGE, made.number, **NUMBERED)
    states.publish(desk, PAGE, made.number, **NUMBERED, over_live=True)
    assert (row(desk)[2], states.state(desk, PAGE).is_moved) == ("From a file.", False)


def test_while_nobody_is_registered_whoever_has_the_database_edits_but_approves_nothing(connection):
    number = drafted(connection, actor="root")
    states.submit(connection, PAGE, number, actor="root", at=AT)
    connection.commit()
    with refused(connection, "expected an active reviewer"):
        states.approve(connection, PAGE, number, actor="root", at=AT, reading=GREEN)


def test_a_refusal_is_logged_also_from_within_a_transaction_that_is_rolled_back(desk):
    number = drafted(desk)
    desk.execute("update content_pages set title = 'Other'")
    with pytest.raises(Refused):
        states.publish(desk, PAGE, number, **NUMBERED)
    desk.rollback()
    entry = audit.audit(desk)[-1]
    assert (entry.actor, entry.action, entry.object, entry.detail["action"]) == ("jo", "refused", PAGE, "publish")


def test_a_reading_is_kept_with_its_revision(desk):
    number = drafted(desk, reading=Reading(findings=RED.findings))
    assert revisions.revision(desk, PAGE, number).checks[0]["rule"] == "F1"
    assert revisions.revision(desk, PAGE).draft == draft()
