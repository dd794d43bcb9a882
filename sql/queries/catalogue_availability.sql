-- For what share of the last days each provider had a GPU for rent, of the time for which its answers state it.
--
-- A provider has a GPU while any of its offers of it is available or limited.  Each of the days has a letter, the oldest
-- first: i where it had the GPU at some time, o where at none, - where its answers do not say.
-- params: as_of (timestamptz), days (integer), gpus (text[]; null for all), providers (text[]; null for all)
-- row: AvailabilityRow (watched_hours; available_share: 0 to 1; daily: a letter a day)
with stretches as (
    select
        provider.slug as provider_slug,
        gpu.slug as gpu_slug,
        range_agg(stretch.seen) as watched,
        range_agg(stretch.seen) filter (where series.availability_status in ('available', 'limited')) as available
    from cloudgpus.availability_history as series
    inner join cloudgpus.providers as provider on provider.id = series.provider_id and provider.is_active
    inner join cloudgpus.gpu_models as gpu on gpu.id = series.gpu_model_id and gpu.is_active
    cross join lateral (
        select
            tstzrange(
                greatest(series.since, %(as_of)s::timestamptz - make_interval(days => %(days)s::integer)),
                least(series.until, %(as_of)s)
            ) as seen
        where series.since < %(as_of)s
            and series.until > %(as_of)s::timestamptz - make_interval(days => %(days)s::integer)
    ) as stretch
    where (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
        and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
    group by provider.slug, gpu.slug
),

days as (
    select
        ago,
        tstzrange(
            %(as_of)s::timestamptz - make_interval(days => ago),
            %(as_of)s::timestamptz - make_interval(days => ago - 1)
        ) as span
    from generate_series(1, %(days)s::integer) as ago
),

measured as (
    select
        provider_slug,
        gpu_slug,
        (
            select sum(extract(epoch from upper(part) - lower(part)))
            from unnest(watched) as part
        ) as watched_seconds,
        (
            select coalesce(sum(extract(epoch from upper(part) - lower(part))), 0)
            from unnest(available) as part
        ) as available_seconds,
        (
            select
                string_agg(
                    case when available && day.span then 'i' when watched && day.span then 'o' else '-' end,
                    ''
                    order by day.ago desc
                )
            from days as day
        ) as daily
    from stretches
)

select
    gpu_slug,
    provider_slug,
    round(watched_seconds / 3600, 1) as watched_hours,
    round(available_seconds / watched_seconds, 4) as available_share,
    daily
from measured
where watched_seconds > 0
order by gpu_slug, provider_slug;
