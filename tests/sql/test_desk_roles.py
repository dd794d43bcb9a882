"""Editors and CI on real grants: what either may do at the desk, and that neither can go round its rules."""

import os

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege, RaiseException

from generator.database import db
from generator.desk import editors, revisions, states
from generator.desk.acting import Refused
from generator.site import content
from tests.generator.desk.conftest import AT, GREEN, PAGE, draft
from tests.generator.site.test_content import DRAFT, approved
from tests.sql.samples import add_gpu, add_provider, one

pytestmark = pytest.mark.postgres

GROUPS = ("cloudgpus_ci", "cloudgpus_editor")
APPEND_ONLY = ("content_revisions", "content_reviews", "slug_history", "audit_log")
LOGINS = {group: f"{group}_{os.getpid()}" for group in GROUPS}


@pytest.fixture(scope="module")
def logins(fresh_database):
    with psycopg.connect(fresh_database.migrated(), autocommit=True) as admin:
        for group, name in LOGINS.items():
            admin.execute(f"create role {name} login in role {group}")
        yield
        for name in LOGINS.values():
            admin.execute(f"drop role {name}")


@pytest.fixture
def url(database_url):
    with db.connect(database_url) as owner:
        for name, role in (("jo", "editor"), ("kim", "reviewer")):
            editors.add_editor(owner, name, role, actor="root", at=AT)
    return database_url


@pytest.fixture
def ci(url, logins):
    with db.connect(make_conninfo(url, user=LOGINS["cloudgpus_ci"])) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def desk(url, logins):
    with db.connect(make_conninfo(url, user=LOGINS["cloudgpus_editor"])) as connection:
        yield connection
        connection.rollback()


def in_review(connection):
    made = revisions.new_revision(connection, draft(), GREEN, actor="jo", kind="human", base=None, at=AT)
    states.submit(connection, PAGE, made.number, actor="jo", at=AT)
    connection.commit()
    return made.number


def test_an_editor_s_login_writes_reviews_and_publishes(desk):
    number = in_review(desk)
    states.approve(desk, PAGE, number, actor="kim", at=AT, reading=GREEN, publish_now=True)
    assert states.state(desk, PAGE).state == "published"
    with pytest.raises(Refused, match="approve is not possible from there"):
        states.approve(desk, PAGE, number, actor="jo", at=AT, reading=GREEN)


def test_ci_drafts_checks_submits_and_publishes_what_is_approved(ci, desk):
    made = revisions.new_revision(ci, draft(), GREEN, actor="ci", kind="template", base=None, at=AT)
    states.submit(ci, PAGE, made.number, actor="ci", at=AT)
    ci.commit()
    states.approve(desk, PAGE, made.number, actor="kim", at=AT, reading=GREEN)
    desk.commit()
    states.publish(ci, PAGE, made.number, actor="ci", at=AT)
    assert states.mark_stale(ci, PAGE, ["claim"], AT) > 0


@pytest.mark.parametrize("actor", ["ci", "kim"])
def test_ci_can_not_approve_whoever_it_says_it_is(ci, desk, actor):
    number = in_review(desk)
    with pytest.raises(Refused):
        states.approve(ci, PAGE, number, actor=actor, at=AT, reading=GREEN)
    with pytest.raises((InsufficientPrivilege, RaiseException)), ci.transaction():
        ci.execute(
            "insert into content_reviews (page_id, revision_id, action, actor, at, is_signed, text_hash)"
            " select page_id, id, 'approve', %s, now(), true, text_hash from content_revisions",
            [actor],
        )
    assert states.state(ci, PAGE).state == "in_review"


def test_an_editor_s_login_signs_nothing_in_the_name_of_a_file(desk):
    in_review(desk)
    with pytest.raises(InsufficientPrivilege), desk.transaction():
        desk.execute(
            "insert into content_reviews (page_id, revision_id, action, actor, at, is_signed)"
            " select page_id, id, 'approve', 'kim', now(), true from content_revisions"
        )


def test_ci_imports_a_file_that_its_reviewer_signed(ci):
    content.import_texts(ci, [approved(DRAFT)], AT)
    assert content.published_texts(ci) == (approved(DRAFT),)


@pytest.mark.parametrize("stated", [
    ("another", "0000000000000000", "is not this text"), (None, DRAFT.hash, "its file has not changed"),
])  # fmt: skip
def test_the_one_function_takes_only_what_was_signed_for_a_file_that_changed(ci, stated):
    file, text_hash, match = stated
    content.import_texts(ci, [DRAFT], AT)
    file = file or one(ci, "select imported_hash from content_pages where slug = 'guides/nodes'")
    with pytest.raises(RaiseException, match=match), ci.transaction():
        ci.execute(
            "select record_signed_approval('guides/nodes', %s, 'Jo Doe', '2026-02-02', %s, null, %s)",
            [file, text_hash, AT],
        )
    assert states.state(ci, "guides/nodes").state == "draft"


def test_the_one_function_approves_no_text_of_the_desk(ci, desk):
    in_review(desk)
    with pytest.raises(RaiseException, match="the newest text is not from a file"), ci.transaction():
        ci.execute("select record_signed_approval(%s, 'x', 'Jo', '2026-02-02', null, null, %s)", [PAGE, AT])
    with pytest.raises(InsufficientPrivilege):
        desk.execute("select record_signed_approval(%s, 'x', 'Jo', '2026-02-02', null, null, %s)", [PAGE, AT])


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("group", [*GROUPS, "service_role"])
def test_no_group_changes_or_deletes_what_happened(connection, group, table):
    may = "select has_any_column_privilege(%s, %s, 'update') or has_table_privilege(%s, %s, 'delete, truncate')"
    assert one(connection, may, group, table, group, table) is False
    if table == "audit_log":
        assert one(connection, "select has_table_privilege(%s, 'audit_log', 'insert')", group) is False


def test_neither_writes_as_the_other_nor_touches_editors(ci, desk):
    with pytest.raises(Refused):
        revisions.new_revision(desk, draft(), GREEN, actor="ci", kind="template", base=None, at=AT)
    with pytest.raises(Refused):
        revisions.new_revision(ci, draft(), GREEN, actor="jo", kind="human", base=None, at=AT)
    for connection in (ci, desk):
        with pytest.raises(InsufficientPrivilege), connection.transaction():
            connection.execute("update editors set role = 'admin'")
    assert ci.execute("select name from editors order by 1").fetchall() == [("jo",), ("kim",)]
    for secret in ("password_hash", "is_active"):
        with pytest.raises(InsufficientPrivilege), ci.transaction():
            ci.execute(f"select {secret} from editors")


NAMED = "select name_gpu(%s, %s, null, 'h100-sxm', %s, '{}', now())"
DECIDED = "select * from decide_on_price(1, %s, %s, null, '{}', now())"


def test_an_editor_s_login_names_a_gpu_that_waits_and_nothing_else(desk, url):
    with db.connect(url) as owner:
        for gpu in ("h100-sxm", "h100-pcie"):
            add_gpu(owner, gpu)
        owner.execute(
            "insert into unmapped_gpu_names (provider_id, gpu_name, offers, first_seen_at, last_seen_at)"
            " values (%s, 'H100 Dawn', 1, now(), now())",
            [add_provider(owner)],
        )
    for stated, who, match in (("H100 Dusk", "jo", "is not an unknown name"), ("H100 Dawn", "max", "active editor")):
        with pytest.raises(RaiseException, match=match), desk.transaction():
            desk.execute(NAMED, [stated, "h100 dawn", who])
    desk.execute(NAMED, ["H100 Dawn", "h100 dawn", "jo"])
    with pytest.raises(RaiseException, match="means another GPU already"), desk.transaction():
        desk.execute(NAMED.replace("h100-sxm", "h100-pcie"), ["H100 Dawn", "h100 dawn", "jo"])
    assert desk.execute("select actor, action, object from audit_log order by seq desc limit 1").fetchall() == [
        ("jo", "map_name", "H100 Dawn")
    ]
    with pytest.raises(InsufficientPrivilege), desk.transaction():
        desk.execute("update gpu_aliases set memory_gb = 1")


def test_an_editor_s_login_decides_on_prices_in_the_name_of_an_active_editor_alone(desk, ci):
    assert desk.execute(DECIDED, ["release_price", "jo"]).fetchall() == []  # nothing is held back
    for decision, who, match in (("release_price", "max", "active editor"), ("publish", "jo", "no decision")):
        with pytest.raises(RaiseException, match=match), desk.transaction():
            desk.execute(DECIDED, [decision, who])
    with pytest.raises(InsufficientPrivilege), desk.transaction():
        desk.execute("update quarantine set state = 'released'")
    with pytest.raises(InsufficientPrivilege), ci.transaction():
        ci.execute(DECIDED, ["release_price", "jo"])


def test_an_editor_s_login_logs_its_visits_and_settles_nothing_but_what_is_stored(desk, ci):
    desk.execute("select record_visit('jo', 'login', now())")
    with pytest.raises(RaiseException, match="no visit"), desk.transaction():
        desk.execute("select record_visit('kim', 'approve', now())")
    with pytest.raises(InsufficientPrivilege), ci.transaction():
        ci.execute("select record_visit('jo', 'login', now())")
    desk.execute("select settle_for_drafts()")
    with pytest.raises(InsufficientPrivilege), desk.transaction():
        desk.execute("select settle_slices(now())")


def test_an_editor_s_login_lists_editors_and_is_told_who_changes_them(desk):
    assert [one.name for one in editors.editors(desk)] == ["jo", "kim"]
    desk.commit()
    with pytest.raises(Refused, match="expected that of the database's owner"):
        editors.add_editor(desk, "max", "admin", actor="jo", at=AT)
    with pytest.raises(Refused, match="expected that of the database's owner"):
        editors.set_password(desk, "jo", "a long password", actor="jo", at=AT)


def test_psql_can_not_publish_what_nobody_approved(connection):
    content.import_texts(connection, [DRAFT], AT)
    for change in (
        "is_published = true, published_at = now()",
        "is_published = true, published_at = now(), live_revision_id = (select max(id) from content_revisions)",
    ):
        with pytest.raises(RaiseException, match="approved"), connection.transaction():
            connection.execute(f"update content_pages set {change}")


@pytest.mark.parametrize(
    "change",
    ["content_markdown = 'x'", "title = 'x'", "front_matter = front_matter || '{\"author\": \"x\"}'",
     "live_revision_id = null"],
)  # fmt: skip
def test_psql_can_not_change_the_words_of_a_published_guide(connection, change):
    content.import_texts(connection, [approved(DRAFT)], AT)
    with pytest.raises(RaiseException, match=r"which was approved|this has none"), connection.transaction():
        connection.execute(f"update content_pages set {change}")


def test_psql_can_not_put_an_old_revision_back_nor_give_a_text_another_s_hash(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    old = one(connection, "select max(id) from content_revisions")
    content.unpublish(connection, "guides/nodes", actor="jo", at=AT, comment="Old.")
    with pytest.raises(RaiseException, match="was not published"), connection.transaction():
        connection.execute("update content_pages set is_published = true, live_revision_id = %s", [old])
    with pytest.raises(RaiseException, match="is not of this text"), connection.transaction():
        connection.execute(
            "insert into content_revisions (page_id, hash, title, description, markdown, author, kind, is_from_file,"
            " created_at) select page_id, hash, title, '', 'x', author, kind, true, now() from content_revisions"
        )


@pytest.mark.parametrize("group", GROUPS)
def test_both_read_every_table_that_a_build_reads(connection, group):
    closed = connection.execute(
        "select relname from pg_class as class where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p')"
        " and not relispartition and relname <> 'editors' and (not has_table_privilege(%s, oid, 'select') or not exists"
        " (select from pg_policies where tablename = relname and %s::name = any(roles)))",
        [group, group],
    ).fetchall()
    assert closed == []
