-- GPUs' on-demand floors of one day, so many days before that of as_of: as in gpu_trend_daily.
-- params: as_of (timestamptz), days (integer), gpus (text[]; null for all)
-- row: EarlierFloorRow (US dollars per GPU-hour)
select
    gpu.slug as gpu_slug,
    market.floor
from market_days_at(
    utc_day(%(as_of)s::timestamptz) - %(days)s,
    utc_day(%(as_of)s::timestamptz) - %(days)s,
    %(as_of)s::timestamptz,
    case when %(gpus)s::text[] is not null then array(select id from gpu_models where slug = any(%(gpus)s)) end
) as market
inner join gpu_models as gpu on gpu.id = market.gpu_model_id
order by gpu.slug;
