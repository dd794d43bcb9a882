"""Users who really log in as members of each role, and try what they may not do."""

import os
from contextlib import suppress

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from generator.database import db, history, migrations, runs
from generator.ingest import store
from tests.generator.database.test_migrations import dump
from tests.sql import privileges
from tests.sql.samples import START, add_gpu, add_instance, add_provider, capture, offer, one, run

pytestmark = pytest.mark.postgres

PUBLIC_FUNCTIONS: set[str] = set()  # what a visitor may call: nothing
MEMBERS = {"anon": "visitor", "authenticated": "customer", "service_role": "worker"}
TABLES = (
    "select relname from pg_class where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p')"
    " order by relname"
)
FUNCTIONS = (
    "select oid::regprocedure::text, (select string_agg('null::' || t::regtype, ', ') from unnest(proargtypes) as t)"
    " from pg_proc where pronamespace = 'cloudgpus'::regnamespace and prorettype <> 'trigger'::regtype"
)


COLUMN = (
    "select min(attname) from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
    " and attidentity = '' and attgenerated = ''"
)


@pytest.fixture(scope="module")
def filled(fresh_database):
    """The URL of a database with a hidden row in each table."""
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        gpu, provider = add_gpu(connection), add_provider(connection)
        runs.start(connection, START, "live", "v1")
        held = {"held_back": ["a: 900 dollars"]}
        store.store(connection, run(0, [offer()], captures=[capture()], report=held, error_message="secret path"))
        add_instance(connection, provider, gpu, instance_type="gone", is_active=False)
        connection.execute("update providers set affiliate_commission_percent = 7")
        page = "insert into content_pages (slug, page_type, title, generation_prompt, is_published, published_at)"
        connection.execute(
            f"{page} values ('live', 'about', 'x', 'p', true, now()), ('draft', 'about', 'x', 'p', false, null)"
        )
        connection.execute("insert into built_pages (path, page_type, gate_state, gate_reasons, gate_since, gate_found,"
            " gate_found_since, gate_found_at, content_hash, files, last_modified, first_built_at)"
            " values ('/x/', 'home', 'thin', '{few}', now(), 'thin', now(), now(), 'h', '{}', now(),"
            " now())")  # fmt: skip
        connection.execute("select ensure_price_history_partitions('2031-01-01', '2031-01-01')")
        connection.execute("create table made_later (id integer)")
    return url


@pytest.fixture(scope="module")
def members(filled):
    """Users who may log in, by their role."""
    names = {role: f"{name}_{os.getpid()}" for role, name in MEMBERS.items()}
    with psycopg.connect(filled, autocommit=True) as admin:
        for role, name in names.items():
            admin.execute(f"create role {name} login in role {role}")
    yield names
    with psycopg.connect(filled, autocommit=True) as admin:
        for name in names.values():
            admin.execute(f"drop owned by {name}")
            admin.execute(f"drop role {name}")


@pytest.fixture(params=["anon", "authenticated"])
def visitor(filled, members, request):
    with psycopg.connect(make_conninfo(filled, user=members[request.param]), autocommit=True) as connection:
        connection.execute("set search_path = cloudgpus")
        yield connection


@pytest.fixture
def worker(filled, members):
    with psycopg.connect(make_conninfo(filled, user=members["service_role"])) as connection:
        connection.execute("set search_path = cloudgpus")
        yield connection
        connection.rollback()


@pytest.mark.parametrize("secret", [
    "generation_prompt from content_pages", "front_matter from content_pages",
    "affiliate_commission_percent from providers", "affiliate_url from providers",
    "api_base_url from providers", "raw_data from instances", "source_url from instances",
    "scrape_job_id from price_history", "error_message from scrape_jobs", "report from scrape_jobs",
    "body from capture_bodies", "url from captures", "gpu_name from unmapped_gpu_names",
    "gate_reasons from built_pages", "code from builds", "last_confirmed_at from confirmations",
    "* from price_daily", "* from reference_history", "* from price_history_2026_03",
    "* from price_history_2031_01", "* from price_history_default", "* from made_later", "* from instances",
])  # fmt: skip
def test_a_visitor_is_refused(visitor, secret):
    with pytest.raises(InsufficientPrivilege):
        visitor.execute(f"select {secret}")


def test_a_visitor_sees_no_draft_and_no_withdrawn_offer(visitor):
    assert visitor.execute("select slug from content_pages").fetchall() == [("live",)]
    assert visitor.execute("select instance_type from instances").fetchall() == [("a",)]
    assert one(visitor, "select count(price_per_hour) from price_history") >= 1
    assert one(visitor, "select count(*) from content_pages where slug = 'draft' or not is_published") == 0


def test_a_leaky_condition_sees_no_hidden_row(visitor):
    visitor.execute("create function pg_temp.leak(text) returns boolean language plpgsql cost 0.0000001 as"
        " $$ begin raise notice '%', $1; return true; end $$")  # fmt: skip
    said = []
    visitor.add_notice_handler(lambda notice: said.append(notice.message_primary))
    visitor.execute("select slug from content_pages where pg_temp.leak(slug)")
    assert said == ["live"]


def test_a_visitor_writes_into_no_table(visitor):
    for (table,) in visitor.execute(TABLES).fetchall():
        column = one(visitor, COLUMN, table)
        for write in (f"insert into {table} default values", f"update {table} set {column} = null",
                      f"delete from {table}", f"truncate {table}",
                      f"create index on {table} ({column})",
                      f"alter table {table} disable row level security"):  # fmt: skip
            with pytest.raises(InsufficientPrivilege):
                visitor.execute(write)


def test_a_visitor_calls_no_function(visitor):
    for signature, arguments in visitor.execute(FUNCTIONS).fetchall():
        if signature not in PUBLIC_FUNCTIONS:
            with pytest.raises(InsufficientPrivilege):
                visitor.execute(f"select * from {signature.partition('(')[0]}({arguments or ''})")


@pytest.mark.parametrize("attempt", [
    "create table cloudgpus.x (id integer)", "create view cloudgpus.x as select 1", "drop schema cloudgpus cascade",
    "create function cloudgpus.x() returns integer language sql as 'select 1'", "set role service_role",
    "set role postgres",
    "alter role current_user superuser", "set session_replication_role = replica", "select nextval('runs_id_seq')",
])  # fmt: skip
def test_a_visitor_makes_nothing_and_becomes_nobody_else(visitor, attempt):
    with pytest.raises(InsufficientPrivilege):
        visitor.execute(attempt)


def test_what_a_draft_says_is_not_told_by_errors_or_plans(visitor):
    """That a draft exists, and how many rows a table has, PostgreSQL tells everybody who may log in."""
    visitor.execute("select 1 / (case when slug = 'draft' then 0 else 1 end) from content_pages")
    explain = "explain (analyze, verbose) select title from content_pages where title like '%x%'"
    assert "draft" not in str(visitor.execute(explain).fetchall())
    assert one(visitor, "select count(*) from pg_stats where tablename = 'content_pages'") == 0


def test_the_service_reads_and_writes_every_table(worker):
    for (table,) in worker.execute(TABLES).fetchall():
        if table in privileges.BOOKKEEPING | privileges.NOBODYS | {"moved_slices"} or (
            "history_" in table and table != "reference_history"
        ):
            continue  # a partition is written through its table
        assert one(worker, f"select count(*) from {table}") == one(worker, f"select count(*) from {table} where true")
        may = "select bool_and(has_table_privilege(current_user, %s::regclass, privilege))"
        may += " from unnest(array['select', 'insert', 'update', 'delete']) as privilege"
        assert one(worker, may, table)
    assert one(worker, "select count(*) from scrape_jobs") == 1
    assert worker.execute("update content_pages set title = 'y'").rowcount == 2
    assert worker.execute("insert into unmapped_gpu_names (provider_id, gpu_name, example_instance_type, offers,"
        " first_seen_at, last_seen_at) select id, 'x', 'x', 1, now(), now() from providers").rowcount == 1  # fmt: skip


def test_a_member_of_the_service_stores_a_run(filled, members):
    with db.connect(make_conninfo(filled, user=members["service_role"])) as connection:
        report = store.store(connection, run(24 * 700, [offer(price=9), offer("b")], captures=[capture(b"[1]")]))
        assert (report.created, report.updated) == (1, 1)
        connection.rollback()


TRIES = [
    # To have the owner run one's code.
    "create trigger trap before insert on cloudgpus.runs for each row execute function pg_temp.trap()",
    "create trigger trap before insert or update on cloudgpus.instances for each row execute function pg_temp.trap()",
    "create trigger trap after insert on cloudgpus.price_history_2026_03 for each row execute function pg_temp.trap()",
    "create constraint trigger trap after insert on cloudgpus.runs for each row execute function pg_temp.trap()",
    "create rule trap as on insert to cloudgpus.runs do also select pg_temp.run()",
    "create policy trap on cloudgpus.runs using (pg_temp.run())",
    "alter table cloudgpus.runs alter version set default pg_temp.run()",
    "alter table cloudgpus.runs add check (pg_temp.run())",
    "alter table cloudgpus.runs add column trap boolean default pg_temp.run()",
    "alter table cloudgpus.runs disable trigger all",
    "alter table cloudgpus.price_history attach partition pg_temp.points"
    " for values from ('2040-01-01') to ('2041-01-01')",
    "create table cloudgpus.price_history_2040 partition of cloudgpus.price_history"
    " for values from ('2040-01-01') to ('2041-01-01')",
    "create index on cloudgpus.runs ((pg_temp.run()))",
    "create statistics pg_temp.trap on (pg_temp.run()), id from cloudgpus.runs",
    "create event trigger trap on ddl_command_end execute function pg_temp.trap()",
    "create or replace function cloudgpus.utc_day(at timestamptz) returns date language sql as 'select now()::date'",
    "alter function cloudgpus.record_price_history() set search_path = pg_temp",
    "alter function cloudgpus.ensure_price_history_partitions(timestamptz, timestamptz) owner to current_user",
    "create function cloudgpus.now() returns timestamptz language sql as 'select null::timestamptz'",
    "create operator cloudgpus.= (leftarg = uuid, rightarg = uuid, function = uuid_eq)",
    "create cast (cloudgpus.availability_status as text) with function pg_temp.words(cloudgpus.availability_status)",
    "create domain cloudgpus.price as numeric",
    "create type cloudgpus.price as enum ('free')",
    "alter type cloudgpus.availability_status add value 'free'",
    "create table cloudgpus.instances_2 (id integer)",
    "create view cloudgpus.offers as select 1",
    "create function public.now() returns timestamptz language sql as 'select null::timestamptz'",
    "create schema hostile",
    "create language hostile handler plpgsql_call_handler",
    "create foreign data wrapper hostile",
    "create publication hostile for table cloudgpus.runs",
    # To become the owner or a superuser.
    "set role postgres",
    "set session authorization postgres",
    "alter role current_user superuser",
    "alter role service_role createrole",
    "alter role service_role set search_path = pg_temp",
    "alter role postgres password 'x'",
    "grant postgres to current_user",
    "alter table cloudgpus.runs owner to current_user",
    "alter schema cloudgpus owner to current_user",
    "alter default privileges for role postgres in schema cloudgpus grant all on tables to public",
    "alter database postgres set search_path = pg_temp",
    "alter system set lock_timeout = 0",
    "set session_replication_role = replica",
    "reassign owned by postgres to current_user",
    # To reach the machine.
    "copy (select 1) to program 'true'",
    "copy (select 1) to '/tmp/cloudgpus-hostile'",
    "select pg_read_file('/etc/passwd')",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' and pid <> pg_backend_pid()",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select lo_import('/etc/passwd')",
    # To change the bookkeeping, and to delete what is only ever retired.
    "insert into cloudgpus.schema_migrations (id) values ('9999_hostile')",
    "delete from cloudgpus.schema_migrations",
    "update cloudgpus.schema_migrations set checksum = null",
    "insert into cloudgpus.project_objects values ('role', 'postgres')",
    "delete from cloudgpus.project_objects",
    "update cloudgpus.built_pages set content_hash = 'x'",
    "update cloudgpus.page_slices set readers = '{}'",
    "update cloudgpus.gpu_figures set median = 1",
    "update cloudgpus.slices_settled set revision = 0",
    "delete from cloudgpus.moved_slices",
    "select cloudgpus.settle_slices('2026-03-01Z')",
    "insert into cloudgpus.builds default values",
    "comment on table cloudgpus.reference_history is 'seeds'",
    "truncate cloudgpus.price_history",
    "truncate cloudgpus.runs cascade",
    "select setval('cloudgpus.runs_id_seq', 1)",
    "drop table cloudgpus.quarantine",
    "drop schema cloudgpus cascade",
    # To take the owner's turns, and do the owner's work.
    "do $$ begin lock table cloudgpus.schema_migrations in share mode; end $$",
    "select from cloudgpus.schema_migrations for update",
    "select from cloudgpus.project_objects for share",
    "cluster cloudgpus.runs using runs_pkey",
    "select cloudgpus.detach_price_history('2026-04-01')",
    "select cloudgpus.compact_price_history('2026-04-01')",
    "select cloudgpus.adopt_price_points('cloudgpus.price_history', '2026-03-01')",
    "create temporary table kept (status cloudgpus.availability_status)",
]
OF_THE_SERVICE = {"create temporary table kept (status cloudgpus.availability_status)"}  # it stores through such tables


def arm(member):
    """Make the temporary objects that the attempts use, for which a member needs no right."""
    member.execute("create function pg_temp.trap() returns trigger language plpgsql as"
        " $$ begin insert into public.sprung values (current_user); return new; end $$")  # fmt: skip
    member.execute("create function pg_temp.run() returns boolean language plpgsql immutable as"
        " $$ begin insert into public.sprung values (current_user); return true; end $$")  # fmt: skip
    member.execute("create temporary table points (id integer)")


@pytest.fixture(scope="module", params=sorted(MEMBERS))
def armed(filled, members, request):
    with psycopg.connect(make_conninfo(filled, user=members[request.param]), autocommit=True) as member:
        arm(member)
        yield request.param, member


@pytest.mark.parametrize("attempt", TRIES)
def test_no_member_of_a_role_gets_further_than_its_rows(armed, attempt):
    role, member = armed
    if role == "service_role" and attempt in OF_THE_SERVICE:
        return
    with pytest.raises(InsufficientPrivilege):
        member.execute(attempt)


def test_a_refresh_after_all_of_that_runs_nothing_of_theirs(filled, members):
    with psycopg.connect(filled, autocommit=True) as admin:
        admin.execute("create table public.sprung (as_user text)")
        admin.execute("grant insert on public.sprung to public")
    before = dump(filled)
    for role, name in members.items():
        with psycopg.connect(make_conninfo(filled, user=name), autocommit=True) as member:
            arm(member)
            for attempt in TRIES:
                with suppress(psycopg.Error):
                    member.execute(attempt)
            member.execute("reset all")
            assert (role, dump(filled)) == (role, before)
            with db.connect(filled) as owner:
                assert migrations.migrate(filled) == ([], [])
                number = runs.start(owner, START, "live", "v1")
                assert store.store(owner, run(24 * 40, [offer(price=7)], run_id=number)).updated + number > 1
                history.close_market_days(owner, START)
                owner.rollback()
    with psycopg.connect(filled, autocommit=True) as admin:
        assert one(admin, "select count(*) from public.sprung") == 0
        admin.execute("drop table public.sprung")


HOSTILE = """
    create schema hostile;
    create function hostile.spring() returns boolean language plpgsql as $$ begin raise exception 'sprung'; end $$;
    create function hostile.same(anyelement, anyelement) returns boolean language sql as 'select hostile.spring()';
    create function hostile.now() returns timestamptz language sql as
        $$ select case when hostile.spring() then 'now'::timestamptz end $$;
    create function hostile.to_jsonb(anyelement) returns jsonb language sql as
        $$ select case when hostile.spring() then '{}'::jsonb end $$;
    create function hostile.date_trunc(text, timestamptz, text) returns timestamptz language sql as
        $$ select case when hostile.spring() then 'now'::timestamptz end $$;
    create function hostile.hashtextextended(text, bigint) returns bigint language sql as
        $$ select case when hostile.spring() then 1::bigint end $$;
"""
SHADOWED = ("instances", "price_history", "confirmations", "providers", "gpu_models", "source_classes", "new_rows",
            "old_rows", "price_daily", "price_series", "changed", "segment")  # fmt: skip


@pytest.fixture
def trapped(filled):
    """A session whose search path begins with traps, and with temporary tables named like ours."""
    with psycopg.connect(filled) as connection:
        connection.execute(HOSTILE)
        for kind in ("uuid", "text", "numeric", "timestamptz", "boolean", "integer", "date", "jsonb", "smallint"):
            for sign in ("=", "<>", "<", ">", "<=", ">=", "-", "*", "/"):
                connection.execute(f"create function hostile.trap(a {kind}, b {kind}) returns boolean language sql as"
                    " 'select hostile.spring()'" if sign == "=" else "select")  # fmt: skip
                connection.execute(
                    f"create operator hostile.{sign} (leftarg = {kind}, rightarg = {kind}, function = hostile.trap)"
                )
        for table in SHADOWED:
            connection.execute(f"create temporary table {table} (id text)")
            connection.execute(f"create table hostile.{table} (id text)")
        connection.execute("set local search_path = pg_temp, hostile, pg_catalog")
        yield connection
        connection.rollback()


def test_the_traps_work(trapped):
    with pytest.raises(psycopg.errors.RaiseException, match="sprung"):
        trapped.execute("select 1 operator(hostile.=) 2 from (select now()) as x")


def test_no_path_changes_what_triggers_and_owner_s_functions_do(trapped):
    trapped.execute("update cloudgpus.instances set price_per_hour = 5, last_scraped_at = '2026-03-02T00:00:00Z'")
    trapped.execute("update cloudgpus.gpu_models set vram_gb = 40")
    trapped.execute("select cloudgpus.ensure_price_history_partitions('2032-01-01', '2032-02-01')")
    trapped.execute("set local search_path = cloudgpus, pg_temp")
    stood = (
        "select h.price_per_hour, h.valid_to is null from price_history as h join instances as i on i.id = instance_id"
    )
    found = trapped.execute(
        f"{stood} where i.is_active and i.instance_type = 'a' order by recorded_at, valid_to"
    ).fetchall()
    assert (found[0][0], found[-1]) == (2, (5, True))
    assert [is_open for _, is_open in found[:-1]] == [False] * (len(found) - 1)
    assert one(trapped, "select price_per_vram_gb_hour from instances where is_active") == 5 / 40
    assert one(trapped, "select to_regclass('price_history_2032_02')") == "price_history_2032_02"


def test_every_function_that_runs_by_itself_or_as_its_owner_has_its_own_path(filled):
    unbound = "select proname from pg_proc where pronamespace = 'cloudgpus'::regnamespace and"
    unbound += " (prolang = (select oid from pg_language where lanname = 'plpgsql') or prosecdef)"
    unbound += (
        " and not coalesce(array_to_string(proconfig, ',') ~ 'search_path=.*pg_temp$|search_path=.*pg_temp,', false)"
    )
    with psycopg.connect(filled) as connection:
        assert connection.execute(unbound).fetchall() == []


def test_what_a_database_grants_by_default_is_not_granted_on_ours(fresh_database, members):
    url = fresh_database.empty()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("alter default privileges grant all on tables to anon, public")
        admin.execute("alter default privileges grant all on functions to anon")
        admin.execute("alter default privileges grant all on sequences to anon")
    migrations.migrate(url)
    with psycopg.connect(make_conninfo(url, user=members["anon"]), autocommit=True) as visitor:
        for secret in ("error_message from cloudgpus.scrape_jobs", "raw_data from cloudgpus.instances",
                       "affiliate_url from cloudgpus.providers", "cloudgpus.offers_at(now())"):  # fmt: skip
            with pytest.raises(InsufficientPrivilege):
                visitor.execute(f"select {secret}")
        assert one(visitor, "select count(price_per_hour) from cloudgpus.instances") == 0
    migrations.rollback(url)
