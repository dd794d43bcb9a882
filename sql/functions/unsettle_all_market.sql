create or replace function cloudgpus.unsettle_all_market() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    perform cloudgpus.unsettle_market('-infinity');
    return null;
end $$;

comment on function cloudgpus.unsettle_all_market() is 'Note that the figures of any day may have changed';
