create or replace function cloudgpus.settle_for_drafts() returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    moment timestamptz := cloudgpus.last_as_of();
begin
    if moment is not null then
        perform cloudgpus.settle_slices(moment);
    end if;
    return moment;
end $$;

comment on function cloudgpus.settle_for_drafts() is
    'Settle all figures up to the last run, whose instant is returned: drafts are read by logins that settle nothing else';
