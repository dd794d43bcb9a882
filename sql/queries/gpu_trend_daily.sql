-- GPUs' daily on-demand market from our own live observations, up to yesterday: prices weighted by how long each was in
-- force, one vote per provider, its cheapest; complete, whole-GPU offers only. Days without an observation have no row.
-- params: as_of (timestamptz), days (integer), gpus (text[]; null for all)
-- row: TrendRow (US dollars per GPU-hour; UTC days)
select
    gpu.slug as gpu_slug,
    market.day,
    market.floor,
    market.median,
    market.providers_n
from market_days_at(
    utc_day(%(as_of)s::timestamptz) - (%(days)s - 1),
    utc_day(%(as_of)s::timestamptz) - 1,
    %(as_of)s::timestamptz,
    case when %(gpus)s::text[] is not null then array(select id from gpu_models where slug = any(%(gpus)s)) end
) as market
inner join gpu_models as gpu on gpu.id = market.gpu_model_id
order by
    gpu.slug,
    market.day;
