-- Price changes of the last days as the licensed sources read them, largest first: the newest reading of a
-- provider's GPU, in the region and size where it is cheapest, against the one that counted there when the window began,
-- at the start of a UTC day.
-- params: as_of (timestamptz), days (integer)
-- row: MoveRow (US dollars per GPU-hour, on demand)
with readings as (
    select
        r.source_id,
        r.provider,
        r.gpu_model_id,
        r.region,
        r.gpu_count,
        r.observed_at,
        r.price_per_gpu_hour as price
    from reference_history r
    where r.pricing_type = 'on_demand'
      and r.price_basis = 'complete'
      and r.observed_at >= date_trunc('day', %(as_of)s::timestamptz, 'UTC') - make_interval(days => %(days)s + 2)
      and r.observed_at <= %(as_of)s
),

ends as (
    select
        source_id,
        provider,
        gpu_model_id,
        region,
        gpu_count,
        (array_agg(price order by observed_at desc) filter (
            where observed_at <= date_trunc('day', %(as_of)s::timestamptz, 'UTC') - make_interval(days => %(days)s)
        ))[1] as old_price,
        (array_agg(price order by observed_at desc))[1] as new_price
    from readings
    group by source_id, provider, gpu_model_id, region, gpu_count
),

cheapest as (
    select distinct on (source_id, provider, gpu_model_id)
        *
    from ends
    where old_price is not null
    order by source_id, provider, gpu_model_id, new_price, old_price
),

changed as (
    select
        c.source_id,
        c.provider,
        c.gpu_model_id,
        c.old_price,
        c.new_price,
        max(r.observed_at) filter (where r.price <> c.new_price) as last_other,
        array_agg(r.observed_at order by r.observed_at) as times
    from cheapest c
    join readings r
        on r.source_id = c.source_id
        and r.provider = c.provider
        and r.gpu_model_id = c.gpu_model_id
        and r.region = c.region
        and r.gpu_count is not distinct from c.gpu_count
    where abs(c.new_price / c.old_price - 1) >= 0.03
    group by c.source_id, c.provider, c.gpu_model_id, c.old_price, c.new_price
)

select
    g.slug as gpu_slug,
    c.provider as provider_slug,
    c.old_price,
    c.new_price,
    (select min(at) from unnest(c.times) as at where at > c.last_other) as changed_at,
    s.slug as source_slug
from changed c
join gpu_models g on g.id = c.gpu_model_id
join reference_sources s on s.id = c.source_id
order by abs(ln(c.new_price / c.old_price)) desc, g.slug, c.provider, s.slug;
