-- Each provider's cheapest price of a GPU day by day from our own live observations, up to yesterday: prices weighted by how
-- long each was in force; complete, whole-GPU offers only. Days without an observation have no row.
-- params: as_of (timestamptz), days (integer), gpus (text[]; null for all)
-- row: SellerDayRow (US dollars per GPU-hour; UTC days)
select
    gpu.slug as gpu_slug,
    case when sold.is_spot then 'spot' else 'on_demand' end as pricing_type,
    sold.day,
    array_agg(provider.slug order by provider.slug) as providers,
    array_agg(round(sold.floor, 4) order by provider.slug) as floors
from provider_days(
    utc_day(%(as_of)s::timestamptz) - (%(days)s - 1),
    utc_day(%(as_of)s::timestamptz) - 1,
    %(as_of)s::timestamptz
) as sold
inner join gpu_models as gpu on gpu.id = sold.gpu_model_id
inner join providers as provider on provider.id = sold.provider_id
where %(gpus)s::text[] is null
    or sold.gpu_model_id = any(array(select id from gpu_models where slug = any(%(gpus)s)))
group by
    gpu.slug,
    sold.is_spot,
    sold.day
order by
    gpu.slug,
    sold.is_spot,
    sold.day;
