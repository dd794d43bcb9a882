create or replace function cloudgpus.audit_line(
    seq bigint, at timestamptz, actor text, action text, object text, before_hash text, after_hash text, detail jsonb
) returns text
language sql
stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select string_agg(length(field) || ':' || field, ',' order by place)
    from unnest(array[
        seq::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor, action, object,
        coalesce(before_hash, ''), coalesce(after_hash, ''), cloudgpus.canonical_json(detail)
    ]) with ordinality as stated (field, place)
$$;

comment on function cloudgpus.audit_line(bigint, timestamptz, text, text, text, text, text, jsonb) is
    'What the hash of an audit row covers besides the hash before it: each field after its length, so that none runs into the next';
