-- Each provider's cheapest price of a GPU day by day from our own live observations, up to yesterday: prices weighted by how
-- long each was in force; complete, whole-GPU offers only. Days without an observation have no row.
-- params: as_of (timestamptz), days (integer), gpus (text[]; null for all)
-- row: SellerDayRow (US dollars per GPU-hour; UTC days)
with sold as (
    select
        seller_day.gpu_model_id,
        seller_day.is_spot,
        seller_day.day,
        seller_day.floor,
        (select provider.slug from providers as provider where provider.id = seller_day.provider_id) as provider
    from provider_days(
        utc_day(%(as_of)s::timestamptz) - (%(days)s - 1),
        utc_day(%(as_of)s::timestamptz) - 1,
        %(as_of)s::timestamptz
    ) as seller_day
    where %(gpus)s::text[] is null
        or seller_day.gpu_model_id = any(array(select id from gpu_models where slug = any(%(gpus)s)))
),

-- Grouped before the GPUs' names are looked up: there are far fewer days than sellers' days.
market as materialized (
    select
        gpu_model_id,
        is_spot,
        day,
        array_agg(provider order by provider) as providers,
        array_agg(round(floor, 4) order by provider) as floors
    from sold
    group by
        gpu_model_id,
        is_spot,
        day
)

select
    gpu.slug as gpu_slug,
    case when market.is_spot then 'spot' else 'on_demand' end as pricing_type,
    market.day,
    market.providers,
    market.floors
from market
inner join gpu_models as gpu on gpu.id = market.gpu_model_id
order by
    gpu.slug,
    market.is_spot,
    market.day;
