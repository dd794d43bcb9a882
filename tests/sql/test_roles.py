import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from generator.database import db, migrations, runs
from generator.ingest import store
from tests.sql import privileges
from tests.sql.samples import START, add_gpu, add_instance, add_provider, capture, offer, one, run

pytestmark = pytest.mark.postgres

SECRETS = {
    "providers": "affiliate_url affiliate_program_name affiliate_commission_percent affiliate_cookie_days"
    " api_base_url api_auth_type api_rate_limit_rpm has_public_api",
    "instances": "raw_data source_url last_scraped_at scrape_job_id",
    "price_history": "scrape_job_id",
    "disagreements": "source_url first_seen_run judged_by judged_price_per_gpu_hour judged_reading_price_per_gpu_hour",
    "content_pages": "generated_at generation_prompt generation_model front_matter live_revision_id imported_hash",
}
OPEN = {
    "gpu_models", "gpu_benchmarks", "providers", "instances", "price_history", "content_pages", "provider_terms",
    "provider_regions", "disagreements", "sold_without_price", "scheduled_prices", "disputed_prices",
    "retracted_price_events",
}  # fmt: skip


@pytest.fixture
def filled(connection):
    """A connection to a database with a shown and a hidden row in each table."""
    gpu = add_gpu(connection)
    shown, hidden = add_provider(connection), add_provider(connection, "retired", is_active=False)
    add_instance(connection, shown, gpu)
    add_instance(connection, shown, gpu, instance_type="gone", is_active=False)
    add_instance(connection, hidden, gpu)
    term = "insert into provider_terms (provider_id, field, word, source_url, checked_on)"
    term += " values (%s, 'compute_stopped', 'billed', 'https://x.example', '2026-08-01')"
    region = "insert into provider_regions (provider_id, region, country, continent) values (%s, 'x', 'FI', 'Europe')"
    for provider in (shown, hidden):
        connection.execute(term, [provider])
        connection.execute(region, [provider])
    differs = "insert into disagreements (provider_id, gpu_model_id, pricing_type, instance_type, instance_region,"
    differs += " price_per_gpu_hour, observed_at, reading_source, reading_price_per_gpu_hour, reading_observed_at,"
    differs += " reading_url, reading_licence, first_seen_run, last_seen, state)"
    differs += " values (%s, %s, 'spot', 'a', '', 2, now(), %s, 3, now(), 'x', 'x', %s, now(), %s)"
    number = runs.start(connection, START, "live", "v1")
    for provider, source, state in ((shown, "x", "open"), (shown, "y", "settled"), (hidden, "x", "open")):
        connection.execute(differs, [provider, gpu, source, number, state])
    page = "insert into content_pages (slug, page_type, title, is_published, published_at)"
    page += " values (%s, 'about', 'x', %s, now())"
    connection.execute(page, ["live", True])
    connection.execute(page, ["draft", False])
    return connection


def readable(connection, role):
    """The columns of each table that a role may read."""
    rows = connection.execute(
        "select relname, attname from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0"
        " where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p', 'v') and not attisdropped"
        " and has_column_privilege(%s, pg_class.oid, attnum, 'select')",
        [role],
    ).fetchall()
    return {table: {name for of, name in rows if of == table} for table in {of for of, _ in rows}}


def grown(connection):
    """Make tables, months and a detached month after the migrations, where everything is granted by default."""
    for kind in ("tables", "sequences", "functions"):
        connection.execute(f"alter default privileges grant all on {kind} to anon, authenticated, service_role")
    connection.execute("select ensure_price_history_partitions('2026-01-01', '2031-01-01')")
    for kind in ("tables", "sequences", "functions"):
        connection.execute(f"alter default privileges revoke all on {kind} from anon, authenticated, service_role")
    connection.execute("create table later (id integer generated always as identity)")
    connection.execute("select detach_price_history('2026-03-01')")


def test_no_role_has_a_privilege_that_it_should_not_have(connection):
    grown(connection)
    assert privileges.unintended(connection) == []
    assert privileges.missing(connection) == []


def test_the_same_holds_on_the_oldest_postgresql(postgres_15):
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        admin.execute("create database walked")
    url = as_user(postgres_15, "postgres", "walked")
    migrations.migrate(url)
    with db.connect(url) as connection:
        grown(connection)
        assert privileges.unintended(connection) == []
        assert privileges.missing(connection) == []
        connection.execute("drop table later")
    migrations.rollback(url)


def test_few_functions_run_as_their_owner_and_no_view_does(connection):
    definers = "select array_agg(proname::text order by proname) from pg_proc where prosecdef"
    definers += " and prorettype <> 'trigger'::regtype and pronamespace = 'cloudgpus'::regnamespace"
    assert one(connection, definers) == [
        "begin_page",
        "decide_on_price",
        "ensure_price_history_partitions",
        "name_gpu",
        "record_refusal",
        "record_signed_approval",
        "record_visit",
        "settle_for_drafts",
    ]
    views = "select array_agg(relname::text) from pg_class where relnamespace = 'cloudgpus'::regnamespace"
    views += " and relkind in ('v', 'm') and not coalesce('security_invoker=true' = any (reloptions), false)"
    assert one(connection, views) is None


def test_nobody_makes_months_of_history_without_end(connection):
    made = "select ensure_price_history_partitions(%s, %s)"
    assert one(connection, made, "-infinity", "2000-01-31") == 1
    assert one(connection, made, "2099-12-01", "infinity") == 1
    assert one(connection, made, "2150-01-01", "9999-01-01") == 0


def test_the_public_keeps_no_large_objects_where_the_project_is_alone(connection):
    may = "select array_agg(proname::text) from pg_proc where (proname ~ '^lo_' or proname in ('loread', 'lowrite'))"
    may += " and pronamespace = 'pg_catalog'::regnamespace and has_function_privilege('service_role', oid, 'execute')"
    assert one(connection, may) is None


def test_large_objects_of_a_database_with_others_in_it_are_left_to_them(fresh_database):
    url = fresh_database.empty()
    with psycopg.connect(url) as connection:
        connection.execute("create schema shop")
    migrations.migrate(url)
    may = "select has_function_privilege('anon', 'lo_create(oid)', 'execute')"
    with psycopg.connect(url) as connection:
        assert one(connection, may) is True
    migrations.rollback(url)
    with psycopg.connect(url) as connection:
        connection.execute("drop schema shop")
        assert one(connection, "select has_function_privilege('public', 'lo_create(oid)', 'execute')") is True


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_the_public_reads_what_the_site_shows_and_nothing_else(connection, role):
    columns = readable(connection, role)
    assert columns.keys() == OPEN
    for table, secrets in SECRETS.items():
        everything = {name for name, in connection.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
            [table])}  # fmt: skip
        assert columns[table] == everything - set(secrets.split())


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_the_public_writes_nothing_and_calls_nothing(connection, role):
    may = "select count(*) from pg_class where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p')"
    may += " and has_table_privilege(%s, oid, 'insert, update, delete, truncate')"
    assert one(connection, may, role) == 0
    calls = "select count(*) from pg_proc where pronamespace = 'cloudgpus'::regnamespace"
    calls += " and has_function_privilege(%s, oid, 'execute')"
    assert one(connection, calls, role) == 0


def test_the_public_sees_active_and_published_rows_only(filled):
    filled.execute("set role anon")
    assert one(filled, "select array_agg(slug) from providers") == ["nimbus"]
    assert one(filled, "select count(*) from instances where instance_type = 'gone'") == 0
    assert one(filled, "select array_agg(slug) from content_pages") == ["live"]
    assert one(filled, "select count(price_per_hour) from price_history") == 2
    assert one(filled, "select count(*) from gpu_models") == 1
    assert one(filled, "select count(*) from provider_terms") == 1
    assert one(filled, "select array_agg(state) from disagreements") == ["open"]


@pytest.mark.parametrize("query", [
    "select * from scrape_jobs", "select generation_prompt from content_pages", "select affiliate_url from providers",
    "select raw_data from instances", "select judged_by from disagreements",
    "select * from price_history_2026_03", "select offers_at(now())",
])  # fmt: skip
def test_the_public_is_refused_the_rest(filled, query):
    filled.execute("set role anon")
    with pytest.raises(InsufficientPrivilege):
        filled.execute(query)


def test_a_future_table_is_closed_to_the_public(connection):
    connection.execute("create table later (id integer)")
    connection.execute("select ensure_price_history_partitions('2031-01-01', '2031-01-01')")
    assert readable(connection, "anon").keys() == OPEN
    assert one(connection, "select has_table_privilege('service_role', 'later', 'select, insert')") is True


def test_every_table_has_row_level_security(connection):
    connection.execute("select ensure_price_history_partitions('2031-01-01', '2031-01-01')")
    open_ = "select relname from pg_class where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p')"
    assert connection.execute(f"{open_} and not relrowsecurity").fetchall() == []


def stores_as_service(connection):
    add_gpu(connection)
    add_provider(connection)
    runs.start(connection, START, "live", "v1")
    connection.execute("set role service_role")
    return store.store(connection, run(24 * 900, [offer()], captures=[capture()])).created


def test_the_service_stores_a_run(connection):
    assert stores_as_service(connection) == 1
    assert one(connection, "select count(*) from offers_at(now())") >= 0
    assert one(connection, "select count(*) from instances") == 1


@pytest.mark.parametrize("table", ["provider_terms", "provider_regions"])
@pytest.mark.parametrize(("role", "seen"), [("anon", 1), ("authenticated", 1), ("service_role", 2)])
def test_facts_are_read_by_the_public_of_active_providers_and_by_the_service_of_all(filled, role, seen, table):
    filled.execute(f"set role {role}")
    assert one(filled, f"select count(*) from {table}") == seen


def as_user(url, user, database):
    return url.replace("postgres@", f"{user}@").replace("/postgres?", f"/{database}?")


def test_without_the_right_to_create_roles_everything_else_is_made(postgres_15):
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        admin.execute("create role plain login")
        admin.execute("create database plain owner plain")
    url = as_user(postgres_15, "plain", "plain")
    assert "0011_rights" in migrations.migrate(url).migrations
    with db.connect(url) as connection:
        assert one(connection, "select count(*) from pg_roles where rolname in ('anon', 'service_role')") == 0
    assert len(migrations.rollback(url)) > 10


def test_a_service_role_without_bypassrls_has_policies(postgres_15):
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        admin.execute("create role maker login createrole")
        admin.execute("create database maker owner maker")
    url = as_user(postgres_15, "maker", "maker")
    migrations.migrate(url)
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        assert one(admin, "select rolbypassrls from pg_roles where rolname = 'service_role'") is False
        admin.execute("grant service_role to maker")
    with db.connect(url) as connection:
        assert stores_as_service(connection) == 1
        assert one(connection, "select count(*) from instances") == 1
    migrations.rollback(url)
    with psycopg.connect(postgres_15, autocommit=True) as admin:
        assert (
            one(admin, "select count(*) from pg_roles where rolname in ('anon', 'authenticated', 'service_role')") == 0
        )
