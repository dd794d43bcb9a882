create or replace function cloudgpus.record_visit(who text, what text, moment timestamptz) returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    written bigint;
begin
    if what not in ('login', 'logout') then
        raise exception '"%" is no visit of the desk', what;
    end if;
    insert into cloudgpus.audit_log (at, actor, action, object)
    values (moment, who, what, 'desk')
    returning seq into written;
    return written;
end $$;

comment on function cloudgpus.record_visit(text, text, timestamptz) is
    'Write the audit row of a login at the desk or a logout; its number';
