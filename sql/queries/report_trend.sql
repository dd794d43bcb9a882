-- A GPU's on-demand prices by day and provider: an offer's daily mean is weighted by how long each price was in force.
-- params: gpu (text), days (integer), as_of (timestamptz)
-- row: TrendDay (US dollars per GPU-hour, at each day's rate; UTC days; days without an observation are missing)
select
    price.day,
    provider.display_name as provider,
    count(*)::integer as offers_n,
    avg(price.mean) as average_price,
    min(price.minimum) as minimum_price,
    max(price.maximum) as maximum_price
from daily_prices(
    utc_day(%(as_of)s::timestamptz) - (%(days)s::integer - 1),
    utc_day(%(as_of)s::timestamptz),
    %(as_of)s::timestamptz
) as price
join instances as offer on offer.id = price.instance_id
join providers as provider on provider.id = offer.provider_id
join gpu_models as gpu on gpu.id = price.gpu_model_id
where gpu.slug = %(gpu)s::text
  and not price.is_spot
  and price.gpu_share = 1
  and offer.price_basis = 'complete'
group by price.day, provider.id
order by price.day, provider.display_name;
