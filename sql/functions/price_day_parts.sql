create or replace function cloudgpus.price_day_parts(first date, last date, as_of timestamptz) returns table (
    instance_id uuid,
    gpu_model_id uuid,
    gpu_share numeric,
    currency varchar,
    is_spot boolean,
    day date,
    covered_ms integer,
    mean numeric,
    minimum numeric,
    maximum numeric,
    close numeric,
    is_open boolean
)
language sql
stable
parallel safe
as $$
    select
        series.instance_id,
        series.gpu_model_id,
        series.gpu_share,
        series.currency,
        series.is_spot,
        greatest(daily.day, first) + later.days,
        case when greatest(daily.day, first) + later.days = daily.day then daily.covered_ms else 86400000 end,
        case
            when greatest(daily.day, first) + later.days = daily.day then daily.mean
            else coalesce(daily.close, daily.mean)
        end,
        case when greatest(daily.day, first) + later.days = daily.day then daily.minimum end,
        case when greatest(daily.day, first) + later.days = daily.day then daily.maximum end,
        coalesce(daily.close, daily.mean),
        false
    from cloudgpus.price_series as series
    -- The run that has the first day may have begun long before.
    cross join lateral (
        select coalesce(max(earlier.day), first) as day
        from cloudgpus.price_daily as earlier
        where earlier.series_id = series.id
            and earlier.day <= first
    ) as begun
    inner join cloudgpus.price_daily as daily
        on daily.series_id = series.id
        and daily.day >= begun.day
        and daily.day <= least(last, cloudgpus.utc_day(as_of))
        and daily.through >= first
    cross join lateral generate_series(
        0,
        least(daily.through, last, cloudgpus.utc_day(as_of)) - greatest(daily.day, first)
    ) as later (days)
    union all
    select
        standing.instance_id,
        standing.gpu_model_id,
        standing.gpu_share,
        standing.currency,
        price.is_spot,
        stood.first + later.days,
        cloudgpus.ms_into_day(stood.until, stood.first + later.days)
            - cloudgpus.ms_into_day(standing.since, stood.first + later.days),
        price.amount,
        null,
        null,
        price.amount,
        true
    from (
        select
            segment.instance_id,
            segment.gpu_model_id,
            segment.gpu_share,
            segment.currency,
            segment.gpu_count,
            segment.price_per_hour,
            segment.original_price_per_hour,
            segment.price_per_hour_spot,
            segment.original_price_per_hour_spot,
            segment.price_ends,
            segment.recorded_at as since,
            seen.until
        from cloudgpus.price_history as segment
        inner join cloudgpus.providers as provider on provider.id = segment.provider_id
        inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = segment.instance_id
        cross join lateral (
            select
                least(
                    coalesce(confirmation.last_confirmed_at, segment.recorded_at) + class.maximum_gap,
                    as_of + interval '1 second'
                ) as until
        ) as seen
        where segment.valid_to is null
            and segment.is_active and cloudgpus.is_rentable(segment.availability_status)
            and not segment.is_recorded
            and segment.recorded_at <= as_of
            and seen.until > segment.recorded_at
    ) as standing
    cross join lateral (
        values
            (
                false,
                'price_per_hour',
                cloudgpus.per_gpu(
                    standing.currency,
                    standing.price_per_hour,
                    standing.original_price_per_hour,
                    standing.gpu_count,
                    standing.gpu_share
                )
            ),
            (
                true,
                'price_per_hour_spot',
                cloudgpus.per_gpu(
                    standing.currency,
                    standing.price_per_hour_spot,
                    standing.original_price_per_hour_spot,
                    standing.gpu_count,
                    standing.gpu_share
                )
            )
    ) as price (is_spot, price_column, amount)
    cross join lateral (
        select least(standing.until, (standing.price_ends ->> price.price_column)::timestamptz) as until
    ) as ended
    cross join lateral (
        select
            ended.until,
            greatest(cloudgpus.utc_day(standing.since), first) as first,
            least(cloudgpus.utc_day(ended.until - interval '1 microsecond'), last) as last
    ) as stood
    cross join lateral generate_series(0, stood.last - stood.first) as later (days)
    where price.amount is not null
        and stood.until > standing.since
$$;

comment on function cloudgpus.price_day_parts(date, date, timestamptz) is
    'The parts of each offer''s days from first to last: the ended prices of each day, and the current one until as_of. '
    'Per GPU-hour, in the currency charged';
