-- Each provider's cheapest price of each GPU, day by day, from our own live observations: complete, whole-GPU offers,
-- each weighted by the time its prices stood. Days that nobody observed have no row.
-- params: as_of (timestamptz), days (integer), pricing_type (text)
-- row: ProviderTrendRow (US dollars per GPU-hour, on_demand or spot; day at UTC; covered_share: of the day, 0 to 1)
select
    gpu.slug as gpu_slug,
    provider.slug as provider_slug,
    trend.day,
    trend.floor,
    trend.offers_n,
    trend.covered_share
from provider_days(
    utc_day(%(as_of)s::timestamptz) - (%(days)s - 1),
    utc_day(%(as_of)s::timestamptz),
    %(as_of)s::timestamptz
) as trend
inner join gpu_models as gpu on gpu.id = trend.gpu_model_id
inner join providers as provider on provider.id = trend.provider_id
where trend.is_spot = (%(pricing_type)s::text = 'spot')
order by
    gpu.slug,
    provider.slug,
    trend.day;
