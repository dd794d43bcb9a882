-- Each provider's cheapest on-demand price of a whole machine with a GPU, day by day, as each licensed source read it: for
-- each region and size, the last reading of that day or before.  It counts until the next, or for the source's cadence.
-- params: as_of (timestamptz), gpus (text[]; null for all)
-- row: ReferenceRow (US dollars per GPU-hour; UTC days)
with readings as (
    select
        r.source_id,
        r.gpu_model_id,
        r.provider,
        r.price_per_gpu_hour as price,
        date_trunc('day', r.observed_at, 'UTC') as first_day,
        least(
            date_trunc(
                'day',
                lead(r.observed_at) over (
                    partition by r.source_id, r.gpu_model_id, r.provider, r.region, r.gpu_count
                    order by r.observed_at
                ),
                'UTC'
            ),
            r.observed_at + s.cadence,
            %(as_of)s::timestamptz + interval '1 second'
        ) as until
    from reference_history r
    join reference_sources s on s.id = r.source_id
    where r.pricing_type = 'on_demand'
      and r.price_basis = 'complete'
      and r.observed_at <= %(as_of)s
      and (
          %(gpus)s::text[] is null
          or r.gpu_model_id = any(array(select id from gpu_models where slug = any(%(gpus)s)))
      )
),

provider_days as (
    select
        r.source_id,
        r.gpu_model_id,
        d.day,
        r.provider,
        min(r.price) as floor
    from readings r
    cross join lateral generate_series(
        r.first_day,
        r.until - interval '1 microsecond',
        interval '1 day'
    ) as d(day)
    group by r.source_id, r.gpu_model_id, d.day, r.provider
)

select
    g.slug as gpu_slug,
    s.slug as source_slug,
    (d.day at time zone 'UTC')::date as day,
    array_agg(d.provider order by d.provider) as providers,
    array_agg(round(d.floor, 4) order by d.provider) as floors
from provider_days d
join gpu_models g on g.id = d.gpu_model_id
join reference_sources s on s.id = d.source_id
group by g.slug, s.slug, d.day
order by g.slug, s.slug, d.day;
