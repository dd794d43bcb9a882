create or replace function cloudgpus.unsettle_market(since date) returns void
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    update cloudgpus.market_settled
    set before = since
    where before > since;
end $$;

delete from cloudgpus.schema_migrations where id = '0035_trials';
