-- Each GPU's daily on-demand market from our own live observations: segments of complete, whole-GPU offers,
-- weighted by the time they stood; days that nobody observed have no row, and recorded answers, of one instant, none.
-- params: as_of (timestamptz), days (integer)
-- row: TrendRow (US dollars per GPU-hour; day at UTC)
with bounds as (
    select
        date_trunc('day', %(as_of)s::timestamptz, 'UTC') - make_interval(days => %(days)s - 1) as first_day,
        %(as_of)s::timestamptz as as_of
),

segments as (
    select
        h.instance_id,
        p.slug as provider_slug,
        g.slug as gpu_slug,
        h.price_per_gpu_hour as price,
        h.recorded_at as since,
        least(
            -- One that silence ended stands as long as it did while it was open.
            case when h.valid_to > h.last_confirmed_at then h.valid_to else 'infinity' end,
            coalesce(h.last_confirmed_at, c.last_confirmed_at, h.recorded_at) + s.maximum_gap,
            b.as_of + interval '1 second'
        ) as until
    from price_history h
    cross join bounds b
    join instances i on i.id = h.instance_id
    join providers p on p.id = h.provider_id
    join source_classes s on s.source_class = p.source_class
    join gpu_models g on g.id = h.gpu_model_id
    left join confirmations c on c.instance_id = h.instance_id and h.valid_to is null
    where h.is_active
      and not h.is_recorded
      and h.price_per_gpu_hour is not null
      and h.gpu_share = 1
      and i.price_basis = 'complete'
      and h.recorded_at <= b.as_of
      and coalesce(h.valid_to, 'infinity') > b.first_day
),

offer_days as (
    select
        s.gpu_slug,
        s.provider_slug,
        s.instance_id,
        d.day,
        sum(s.price * extract(epoch from least(s.until, d.day + interval '1 day') - greatest(s.since, d.day)))
            / sum(extract(epoch from least(s.until, d.day + interval '1 day') - greatest(s.since, d.day))) as price
    from segments s
    cross join bounds b
    cross join lateral generate_series(
        greatest(date_trunc('day', s.since, 'UTC'), b.first_day),
        s.until - interval '1 microsecond',
        interval '1 day'
    ) as d(day)
    where s.until > greatest(s.since, d.day)
    group by s.gpu_slug, s.provider_slug, s.instance_id, d.day
),

provider_days as (
    select
        gpu_slug,
        day,
        provider_slug,
        min(price) as floor
    from offer_days
    group by gpu_slug, day, provider_slug
)

select
    gpu_slug,
    (day at time zone 'UTC')::date as day,
    round(min(floor)::numeric, 4) as floor,
    round((percentile_cont(0.5) within group (order by floor))::numeric, 4) as median,
    count(*)::integer as providers_n
from provider_days
group by gpu_slug, day
order by gpu_slug, day;
