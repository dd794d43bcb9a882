create or replace function cloudgpus.unsettle_market(since date) returns void
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    if current_setting('cloudgpus.is_trial', true) = 'on' then
        return;
    end if;
    update cloudgpus.market_settled
    set before = since
    where before > since;
end $$;

comment on function cloudgpus.unsettle_market(date) is
    'Note that the figures of this day and those after it may have changed: they are computed until settled again';
