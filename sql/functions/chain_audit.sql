create or replace function cloudgpus.chain_audit() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last record;
begin
    -- Whoever comes second finds the row of the first: a chain has one end.
    lock table cloudgpus.audit_log in share row exclusive mode;
    select seq, this_hash into last from cloudgpus.audit_log order by seq desc limit 1;
    new.seq := coalesce(last.seq, 0) + 1;
    new.prev_hash := coalesce(last.this_hash, '');
    new.this_hash := encode(sha256(convert_to(new.prev_hash || cloudgpus.audit_line(
        new.seq, new.at, new.actor, new.action, new.object, new.before_hash, new.after_hash, new.detail
    ), 'UTF8')), 'hex');
    return new;
end $$;

comment on function cloudgpus.chain_audit() is 'Number an audit row and chain it to the one before, whatever the insert stated';
