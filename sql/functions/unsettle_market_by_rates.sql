create or replace function cloudgpus.unsettle_market_by_rates() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    perform cloudgpus.unsettle_market(min(rate_date))
    from changed_rates;
    return null;
end $$;

comment on function cloudgpus.unsettle_market_by_rates() is
    'Unsettle the market from the first day whose rate changed: the days without a rate after it use it too';
