create or replace function cloudgpus.record_refusal(
    who text, what text, object text, reason text, moment timestamptz
) returns bigint
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into cloudgpus.audit_log (at, actor, action, object, detail)
    values (moment, who, 'refused', object, jsonb_build_object('action', what, 'reason', reason))
    returning seq
$$;

comment on function cloudgpus.record_refusal(text, text, text, text, timestamptz) is
    'Write the audit row of something that was refused; its number';
