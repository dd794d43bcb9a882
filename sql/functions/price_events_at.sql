create or replace function cloudgpus.price_events_at(
    as_of timestamptz,
    of_gpus text[] default null,
    of_providers text[] default null
) returns table (
    gpu_slug varchar,
    provider_slug varchar,
    instance_type varchar,
    regions varchar[],
    pricing_type text,
    gpu_count smallint,
    currency varchar,
    old_price numeric,
    new_price numeric,
    old_since timestamptz,
    changed_at timestamptz,
    old_source_url text,
    new_source_url text
)
language sql
stable
set search_path = cloudgpus, pg_temp
as $$
    with histories as materialized (
        select segment.instance_id
        from price_history as segment
        where segment.is_active
            and not segment.is_recorded
            and segment.provider_id = any(array(
                select id
                from providers
                where is_active
                    and provider_type not in ('marketplace', 'depin')
                    and (of_providers is null or slug = any(of_providers))
            ))
            and (
                of_gpus is null
                or segment.gpu_model_id = any(array(select id from gpu_models where slug = any(of_gpus)))
            )
        group by segment.instance_id
        having bool_or(segment.currency <> 'USD')
            or min(segment.price_per_hour) < max(segment.price_per_hour)
            or min(segment.price_per_hour_spot) < max(segment.price_per_hour_spot)
            or min(segment.price_per_month) < max(segment.price_per_month)
            or min(segment.price_per_hour_reserved_1y) < max(segment.price_per_hour_reserved_1y)
            or min(segment.price_per_hour_reserved_3y) < max(segment.price_per_hour_reserved_3y)
    ),

    segments as (
        select
            segment.instance_id,
            segment.gpu_count,
            segment.currency,
            segment.recorded_at,
            coalesce(segment.valid_to, 'infinity') as valid_to,
            coalesce(
                segment.last_confirmed_at,
                date_trunc('day', confirmation.last_confirmed_at, 'UTC'),
                segment.recorded_at
            ) as seen_until,
            segment.scrape_job_id,
            price.pricing_type,
            price.charged
        from histories
        inner join instances as offer on offer.id = histories.instance_id and offer.price_basis = 'complete'
        inner join price_history as segment
            on segment.instance_id = offer.id
            and segment.gpu_model_id = offer.gpu_model_id
        left join confirmations as confirmation on confirmation.instance_id = segment.instance_id
        cross join lateral unnest(
            array['on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y'],
            charged(
                segment.currency,
                array[
                    segment.price_per_hour,
                    segment.price_per_hour_spot,
                    segment.price_per_month,
                    segment.price_per_hour_reserved_1y,
                    segment.price_per_hour_reserved_3y
                ],
                array[
                    segment.original_price_per_hour,
                    segment.original_price_per_hour_spot,
                    segment.original_price_per_month,
                    segment.original_price_per_hour_reserved_1y,
                    segment.original_price_per_hour_reserved_3y
                ]
            )
        ) as price (pricing_type, charged)
        where segment.is_active
            and not segment.is_recorded
            and segment.gpu_share = 1
            and price.charged is not null
            and segment.recorded_at < date_trunc('day', as_of, 'UTC')
    ),

    marked as (
        select
            segments.*,
            (
                lag(charged) over history = charged
                and lag(valid_to) over history >= recorded_at
            ) is not true as begins
        from segments
        window history as (partition by instance_id, pricing_type, currency, gpu_count order by recorded_at, valid_to)
    ),

    numbered as (
        select
            marked.*,
            count(*) filter (where begins) over history as number
        from marked
        window history as (partition by instance_id, pricing_type, currency, gpu_count order by recorded_at, valid_to)
    ),

    prices as (
        select
            instance_id,
            pricing_type,
            currency,
            gpu_count,
            charged,
            min(recorded_at) as since,
            max(valid_to) as until,
            max(seen_until) as seen_until,
            (array_agg(scrape_job_id order by recorded_at))[1] as job_id
        from numbered
        group by
            instance_id,
            pricing_type,
            currency,
            gpu_count,
            charged,
            number
    ),

    followed as (
        select
            prices.*,
            lag(charged) over history as old_charged,
            lag(since) over history as old_since,
            lag(until) over history as old_until,
            lag(job_id) over history as old_job_id
        from prices
        window history as (partition by instance_id, pricing_type, currency, gpu_count order by since)
    ),

    changed as (
        select
            gpu.slug as gpu_slug,
            provider.slug as provider_slug,
            offer.instance_type,
            offer.region,
            followed.pricing_type,
            followed.gpu_count,
            followed.currency,
            round(followed.old_charged / divided_by.hours / followed.gpu_count, 6) as old_price,
            round(followed.charged / divided_by.hours / followed.gpu_count, 6) as new_price,
            followed.old_since,
            followed.since,
            earlier.request_url as old_source_url,
            later.request_url as new_source_url
        from followed
        inner join instances as offer on offer.id = followed.instance_id
        inner join gpu_models as gpu on gpu.id = offer.gpu_model_id and gpu.is_active
        inner join providers as provider on provider.id = offer.provider_id
        cross join lateral (
            select case when followed.pricing_type = 'monthly' then hours_per_month() else 1 end as hours
        ) as divided_by
        left join scrape_jobs as earlier on earlier.id = followed.old_job_id
        left join scrape_jobs as later on later.id = followed.job_id
        where followed.old_until >= followed.since
            and followed.seen_until >= followed.since + interval '1 hour'
            and followed.old_charged > 0
            and abs(followed.charged / followed.old_charged - 1) >= 0.03
            and (of_gpus is null or gpu.slug = any(of_gpus))
    )

    select
        gpu_slug,
        provider_slug,
        instance_type,
        array_agg(distinct region order by region) as regions,
        pricing_type,
        gpu_count,
        currency,
        old_price,
        new_price,
        max(old_since) as old_since,
        since as changed_at,
        min(old_source_url) as old_source_url,
        min(new_source_url) as new_source_url
    from changed
    group by
        gpu_slug,
        provider_slug,
        instance_type,
        pricing_type,
        gpu_count,
        currency,
        old_price,
        new_price,
        since
    order by
        since desc,
        provider_slug,
        gpu_slug,
        instance_type,
        pricing_type,
        gpu_count,
        currency,
        old_price,
        new_price
$$;

comment on function cloudgpus.price_events_at(timestamptz, text[], text[]) is
    'Price changes as observed, up to the day before as_of: of a complete, whole-GPU offer, by 3 percent or more of what is charged, '
    'between two observations that follow on each other, where the new price was seen again an hour or more later. Marketplaces'' hosts '
    'set their own prices, so these are left out. What several regions changed alike is one row; per GPU-hour, in the currency charged. '
    'A price in force counts as seen again from the first later day on which it is, so that seeing it once more that day changes no row';
