-- Each GPU's daily on-demand market from our own live observations: the offers of a day weighted by the time each price
-- stood, one vote per provider, its cheapest; complete, whole-GPU offers only. Days that nobody observed have no row.
-- params: as_of (timestamptz), days (integer)
-- row: TrendRow (US dollars per GPU-hour; day at UTC)
select
    gpu.slug as gpu_slug,
    trend.day,
    round(min(trend.floor), 4) as floor,
    round(percentile_cont(0.5) within group (order by trend.floor)::numeric, 4) as median,
    count(*)::integer as providers_n
from provider_days(
    utc_day(%(as_of)s::timestamptz) - (%(days)s - 1),
    utc_day(%(as_of)s::timestamptz),
    %(as_of)s::timestamptz
) as trend
inner join gpu_models as gpu on gpu.id = trend.gpu_model_id
where not trend.is_spot
group by
    gpu.slug,
    trend.day
order by
    gpu.slug,
    trend.day;
