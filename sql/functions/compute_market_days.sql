create or replace function cloudgpus.compute_market_days(first date, last date, as_of timestamptz) returns table (
    day date,
    gpu_model_id uuid,
    floor numeric,
    median numeric,
    providers_n integer
)
language sql
stable
as $$
    select
        provider_day.day,
        provider_day.gpu_model_id,
        round(min(provider_day.floor), 6),
        round(percentile_cont(0.5) within group (order by provider_day.floor)::numeric, 6),
        count(*)::integer
    from cloudgpus.provider_days(first, last, as_of) as provider_day
    where not provider_day.is_spot
    group by
        provider_day.day,
        provider_day.gpu_model_id
$$;

comment on function cloudgpus.compute_market_days(date, date, timestamptz) is
    'Each GPU''s on-demand market day by day, from the daily prices: one vote per provider, its cheapest';
