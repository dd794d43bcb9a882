from datetime import UTC, datetime

import psycopg
import pytest

from generator.desk import audit, states
from tests.generator.desk.conftest import AT, PAGE, in_review, published
from tests.sql.samples import one

pytestmark = pytest.mark.postgres

IMMUTABLE = ("content_revisions", "content_reviews", "slug_history", "audit_log")
BUILD = "insert into builds (as_of, generation, output_dir, site_url, completed_at, audit_head)"
BUILD += " values (now(), gen_random_uuid(), '/x', 'https://x.example', %s, (select this_hash from audit_log"
BUILD += " order by seq desc limit 1))"


@pytest.fixture
def logged(desk):
    published(desk)
    states.unpublish(desk, PAGE, 1, actor="jo", at=AT, comment="Old.", is_gone=True)
    desk.commit()
    return desk


def forge(connection, table, statement):
    """What somebody who owns the database could do."""
    connection.execute(f"alter table {table} disable trigger user")
    connection.execute(statement)
    connection.execute(f"alter table {table} enable trigger user")


def test_every_action_has_its_row_and_the_log_is_sound(logged):
    log = audit.audit(logged, PAGE)
    assert [(entry.action, entry.actor) for entry in log] == [
        ("revision", "jo"), ("submit", "jo"), ("approve", "kim"), ("publish", "jo"),
        ("page update", "jo"), ("unpublish", "jo"), ("page update", "jo"),
    ]  # fmt: skip
    assert log[2].after_hash == log[0].after_hash
    assert log[0].at == AT
    assert [entry.action for entry in audit.audit(logged, "editor jo")] == ["editor insert"]
    assert audit.verify(logged) == []


@pytest.mark.parametrize("change", [
    "at = at + interval '1 second'", "actor = 'lee'", "action = 'reject'", "object = 'x'", "before_hash = 'x'",
    "after_hash = 'x'", "detail = detail || '{\"comment\": \"x\"}'", "this_hash = 'x'", "prev_hash = 'x'",
])  # fmt: skip
def test_any_edited_row_is_found(logged, change):
    forge(logged, "audit_log", f"update audit_log set {change} where seq = 8")
    assert any("row 8 " in problem or "chained" in problem for problem in audit.verify(logged))


def test_a_row_that_was_taken_out_is_found(logged):
    forge(logged, "audit_log", "delete from audit_log where seq = 8")
    assert audit.verify(logged)[0] == "row 9 follows row 7: rows between them are missing"


def test_a_cut_end_is_found_by_the_record_of_a_build_or_a_hash_kept_elsewhere(logged):
    head = audit.audit(logged)[-1].this_hash
    logged.execute(BUILD, [datetime(2026, 3, 2, tzinfo=UTC)])
    assert audit.verify(logged, head) == []
    forge(logged, "audit_log", "delete from audit_log where seq > 8")
    problems = audit.verify(logged)
    assert problems == [
        f"no row has the hash {head[:12]}, the last one at the build of 2026-03-02 00:00 UTC: the log was cut"
    ]
    assert len(audit.verify(logged, head)) == 2


def test_a_revision_that_was_changed_is_found(logged):
    forge(logged, "content_revisions", "update content_revisions set markdown = 'x'")
    assert audit.verify(logged) == [f"{PAGE}: revision 1 is not as it was logged"]


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("statement", ["update {} set id = id", "delete from {}", "truncate {} cascade"])
def test_nobody_rewrites_what_happened_the_owner_included(logged, table, statement):
    made = statement.format(table).replace("id = id", "seq = seq" if table == "audit_log" else "at = at")
    made = made.replace("at = at", "title = title") if table == "content_revisions" else made
    with pytest.raises(psycopg.errors.RestrictViolation, match="rows are only ever added"):
        logged.execute(made)


def test_changes_by_psql_have_their_row_too(logged):
    before = one(logged, "select count(*) from audit_log")
    logged.execute("select set_config('cloudgpus.actor', '', false)")
    logged.execute("update editors set role = 'admin' where name = 'jo'")
    logged.execute("update content_pages set slug = 'gpu/h100' where slug = %s", [PAGE])
    log = audit.audit(logged)[before:]
    assert [entry.actor.partition(":")[0] for entry in log] == ["psql"] * len(log)
    assert [entry.action for entry in log] == ["editor update", "slug"]


def test_a_password_s_hash_is_not_in_the_log(logged):
    logged.execute("update editors set password_hash = 'secret'")
    assert "secret" not in str(audit.audit(logged))


def test_two_writers_make_one_chain(logged, fresh_database):
    number = in_review(logged, text="Next.")
    states.take(logged, PAGE, number, actor="kim", at=AT)
    logged.commit()
    assert [entry.seq for entry in audit.audit(logged)] == list(range(1, len(audit.audit(logged)) + 1))
    assert audit.verify(logged) == []
