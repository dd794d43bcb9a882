-- Market figures of each GPU and pricing type, over the whole market and by segment: one vote per provider, its cheapest
-- ranked offer.
-- params: as_of (timestamptz)
-- row: StatsRow (US dollars per GPU-hour; segment: '' for the whole market)
with floors as (
    select
        gpu_slug,
        pricing_type,
        segment,
        provider_slug,
        min(price_per_gpu_hour) as floor,
        count(*) as offers_n
    from prices_at(%(as_of)s)
    where is_ranked
    group by gpu_slug, pricing_type, segment, provider_slug
)

select
    gpu_slug,
    pricing_type,
    coalesce(segment, '') as segment,
    count(*)::integer as providers_n,
    sum(offers_n)::integer as offers_n,
    min(floor) as floor,
    (percentile_cont(0.25) within group (order by floor))::numeric as p25,
    (percentile_cont(0.5) within group (order by floor))::numeric as median,
    (percentile_cont(0.75) within group (order by floor))::numeric as p75,
    max(floor) as ceiling,
    (array_agg(provider_slug order by floor, provider_slug))[1] as cheapest_provider
from floors
group by grouping sets ((gpu_slug, pricing_type), (gpu_slug, pricing_type, segment))
order by gpu_slug, pricing_type, segment;
