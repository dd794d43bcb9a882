-- For what share of the last days each provider had a GPU for rent, of the time for which its answers state it.
--
-- A provider has a GPU while any of its offers of it is available or limited.
-- params: as_of (timestamptz), days (integer), gpus (text[]; null for all), providers (text[]; null for all)
-- row: AvailabilityRow (watched_hours; available_share: 0 to 1)
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
        ) as available_seconds
    from stretches
)

select
    gpu_slug,
    provider_slug,
    round(watched_seconds / 3600, 1) as watched_hours,
    round(available_seconds / watched_seconds, 4) as available_share
from measured
where watched_seconds > 0
order by gpu_slug, provider_slug;
