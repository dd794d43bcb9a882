"""What each role should be allowed to do, and what it really may do with each object of the schema."""

from collections.abc import Iterator

from generator.database import db

ROLES = ("anon", "authenticated", "service_role")
SHOWN = {
    "gpu_models",
    "gpu_benchmarks",
    "provider_terms",
    "provider_regions",
    "sold_without_price",
    "scheduled_prices",
    "disputed_prices",
    "retracted_price_events",
}
BOOKKEEPING = {
    "schema_migrations", "schema_functions", "project_objects", "builds", "built_pages", "page_slices",
    "former_pages", "slice_revisions", "slices_settled", "gpu_figures", "gpu_floors", "gpu_offers", "provider_figures",
    "price_spans", "crowded_pairs", "content_revisions", "content_reviews", "slug_history", "audit_log",
}  # fmt: skip
NOBODYS = {"editors"}  # but the owner's, and editors read them
VIEWS = {"availability_history", "content_states"}
OWNERS = {
    "adopt_published_texts", "begin_page", "record_refusal", "record_signed_approval",
    "adopt_price_points", "compact_price_history", "detach_price_history", "price_points_months",
    "refuse_large_objects",
}  # fmt: skip

_FOUND = """
with members as (
    select oid, rolname as role from pg_roles where rolname = any (%(roles)s)
)
select role, 'table', relname, privilege from members cross join pg_class
    cross join unnest(string_to_array(
        'SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER'
            || case when current_setting('server_version_num')::integer >= 170000 then ' MAINTAIN' else '' end,
        ' ')) as privilege
    where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        and has_table_privilege(members.oid, pg_class.oid, privilege)
union all
select role, 'column', relname, privilege from members cross join pg_class
    cross join unnest(array['INSERT', 'UPDATE', 'REFERENCES']) as privilege
    where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        and has_any_column_privilege(members.oid, pg_class.oid, privilege)
        and not has_table_privilege(members.oid, pg_class.oid, privilege)
union all
select role, 'sequence', relname, privilege from members cross join pg_class
    cross join unnest(array['USAGE', 'SELECT', 'UPDATE']) as privilege
    where relnamespace = 'cloudgpus'::regnamespace and relkind = 'S'
        and has_sequence_privilege(members.oid, pg_class.oid, privilege)
union all
select role, case when prorettype = 'trigger'::regtype then 'trigger function' else 'function' end, proname, 'EXECUTE'
    from members cross join pg_proc
    where pronamespace = 'cloudgpus'::regnamespace and has_function_privilege(members.oid, pg_proc.oid, 'EXECUTE')
union all
select role, 'type', typname, 'USAGE' from members cross join pg_type
    where typnamespace = 'cloudgpus'::regnamespace and typtype in ('e', 'd', 'r')
        and has_type_privilege(members.oid, pg_type.oid, 'USAGE')
union all
select role, 'schema', nspname, privilege from members cross join pg_namespace
    cross join unnest(array['USAGE', 'CREATE']) as privilege
    where nspname = 'cloudgpus' and has_schema_privilege(members.oid, pg_namespace.oid, privilege)
union all
select role, 'database', 'CREATE', 'CREATE' from members
    where has_database_privilege(members.oid, current_database(), 'CREATE')
union all
select role, 'owner', relname, 'OWNS' from members inner join pg_class on relowner = members.oid
"""


def unintended(connection: db.Connection) -> list[tuple[str, str, str, str]]:
    """Each privilege (role, kind, name, what) that a role has but should not have."""
    found = connection.execute(_FOUND, {"roles": list(ROLES)}).fetchall()  # type: ignore[arg-type]
    return sorted(row for row in found if row[3] not in set(_intended(*row[:3])))


def missing(connection: db.Connection) -> list[str]:
    """The data tables that service_role should be able to read and write, but is not."""
    found = connection.execute(_FOUND, {"roles": ["service_role"]}).fetchall()  # type: ignore[arg-type]
    writes = {name for _, kind, name, what in found if kind == "table" and what == "DELETE"}
    tables = connection.execute("select relname from pg_class where relnamespace = 'cloudgpus'::regnamespace"
        " and relkind in ('r', 'p') and relname !~ '^price_history_'")  # fmt: skip
    return sorted({name for (name,) in tables} - writes - BOOKKEEPING - NOBODYS - {"moved_slices"})


def _intended(role: str, kind: str, name: str) -> Iterator[str]:
    match kind:
        case "schema":
            yield "USAGE"
        case "table" if role != "service_role":
            yield from ["SELECT"] if name in SHOWN else []
        case "table" if name in NOBODYS:
            yield from ()
        case "table" if name == "moved_slices":
            yield from ("SELECT", "INSERT")
        case "table" if name in BOOKKEEPING or name.startswith("price_history_") or name in VIEWS:
            yield "SELECT"
        case "table":
            yield from ("SELECT", "INSERT", "UPDATE", "DELETE")
        case "sequence" | "type" if role == "service_role":
            yield "USAGE"
        case "function" if role == "service_role" and name not in OWNERS:
            yield "EXECUTE"
