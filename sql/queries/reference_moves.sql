-- Price changes of the last days as the licensed sources read them, largest first: the newest reading of a
-- provider's GPU against the one that stood at the start of the window.
-- params: as_of (timestamptz), days (integer)
-- row: MoveRow (US dollars per GPU-hour, on demand)
with readings as (
    select
        r.source_id,
        r.provider,
        r.gpu_model_id,
        r.observed_at,
        min(r.price_per_gpu_hour) as price
    from reference_history r
    where r.pricing_type = 'on_demand'
      and r.observed_at between %(as_of)s - make_interval(days => %(days)s + 2) and %(as_of)s
    group by r.source_id, r.provider, r.gpu_model_id, r.observed_at
),

ends as (
    select
        source_id,
        provider,
        gpu_model_id,
        (array_agg(price order by observed_at desc) filter (
            where observed_at <= %(as_of)s - make_interval(days => %(days)s)
        ))[1] as old_price,
        (array_agg(price order by observed_at desc))[1] as new_price
    from readings
    group by source_id, provider, gpu_model_id
),

changed as (
    select
        e.*,
        (
            select min(r.observed_at)
            from readings r
            where r.source_id = e.source_id
              and r.provider = e.provider
              and r.gpu_model_id = e.gpu_model_id
              and r.price = e.new_price
              and r.observed_at > %(as_of)s - make_interval(days => %(days)s)
        ) as changed_at
    from ends e
    where e.old_price is not null
      and abs(e.new_price / e.old_price - 1) >= 0.03
)

select
    g.slug as gpu_slug,
    c.provider as provider_slug,
    c.old_price,
    c.new_price,
    c.changed_at,
    s.slug as source_slug
from changed c
join gpu_models g on g.id = c.gpu_model_id
join reference_sources s on s.id = c.source_id
order by abs(ln(c.new_price / c.old_price)) desc, g.slug, c.provider;
