-- Each GPU's daily on-demand market from our own live observations: prices weighted by how long each was in force, one
-- vote per provider, its cheapest; complete, whole-GPU offers only. Days without an observation have no row.
-- params: as_of (timestamptz), days (integer)
-- row: TrendRow (US dollars per GPU-hour; UTC days)
select
    gpu.slug as gpu_slug,
    market.day,
    market.floor,
    market.median,
    market.providers_n
from market_days_at(
    utc_day(%(as_of)s::timestamptz) - (%(days)s - 1),
    utc_day(%(as_of)s::timestamptz),
    %(as_of)s::timestamptz
) as market
inner join gpu_models as gpu on gpu.id = market.gpu_model_id
order by
    gpu.slug,
    market.day;
