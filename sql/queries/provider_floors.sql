-- Each provider's cheapest ranked offer of every GPU and pricing type.
-- params: as_of (timestamptz)
-- row: FloorRow (US dollars per GPU-hour)
select
    gpu_slug,
    provider_slug,
    pricing_type,
    min(price_per_gpu_hour) as floor
from prices_at(%(as_of)s)
where is_ranked
group by gpu_slug, provider_slug, pricing_type
order by gpu_slug, provider_slug, pricing_type;
