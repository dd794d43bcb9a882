-- Price changes as we observed them ourselves, up to yesterday: of a complete, whole-GPU offer, by 3 percent or more of what
-- is charged, between two observations that follow on each other, where the new price was seen again an hour or more later.
-- Marketplaces' hosts set their own prices, so these are left out.  What several regions changed alike is one row.
--
-- A price that is still in force counts as seen again from the first later day on which it is, so that seeing it once more
-- on the same day changes no row.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: PriceEventRow (per GPU-hour, in the currency charged; before tax)
with segments as (
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
        per_gpu(segment.currency, price.in_usd, price.original, segment.gpu_count, segment.gpu_share) as price,
        gpu.slug as gpu_slug,
        provider.slug as provider_slug,
        offer.instance_type,
        offer.region
    from price_history as segment
    inner join instances as offer on offer.id = segment.instance_id and offer.gpu_model_id = segment.gpu_model_id
    inner join gpu_models as gpu on gpu.id = segment.gpu_model_id and gpu.is_active
    inner join providers as provider on provider.id = offer.provider_id and provider.is_active
    left join confirmations as confirmation on confirmation.instance_id = segment.instance_id
    cross join lateral (
        values
            ('on_demand', segment.price_per_hour, segment.original_price_per_hour),
            ('spot', segment.price_per_hour_spot, segment.original_price_per_hour_spot),
            (
                'monthly',
                segment.price_per_month / hours_per_month(),
                segment.original_price_per_month / hours_per_month()
            ),
            ('reserved_1y', segment.price_per_hour_reserved_1y, segment.original_price_per_hour_reserved_1y),
            ('reserved_3y', segment.price_per_hour_reserved_3y, segment.original_price_per_hour_reserved_3y)
    ) as price (pricing_type, in_usd, original)
    where segment.is_active
        and not segment.is_recorded
        and segment.gpu_share = 1
        and offer.price_basis = 'complete'
        and provider.provider_type not in ('marketplace', 'depin')
        and price.in_usd is not null
        and segment.recorded_at < date_trunc('day', %(as_of)s::timestamptz, 'UTC')
        and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
        and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
),

marked as (
    select
        segments.*,
        (
            lag(price) over history = price
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
        gpu_slug,
        provider_slug,
        instance_type,
        region,
        pricing_type,
        currency,
        gpu_count,
        price,
        min(recorded_at) as since,
        max(valid_to) as until,
        max(seen_until) as seen_until,
        (array_agg(scrape_job_id order by recorded_at))[1] as job_id
    from numbered
    group by
        instance_id,
        gpu_slug,
        provider_slug,
        instance_type,
        region,
        pricing_type,
        currency,
        gpu_count,
        price,
        number
),

followed as (
    select
        prices.*,
        lag(price) over history as old_price,
        lag(since) over history as old_since,
        lag(until) over history as old_until,
        lag(job_id) over history as old_job_id
    from prices
    window history as (partition by instance_id, pricing_type, currency, gpu_count order by since)
)

select
    changed.gpu_slug,
    changed.provider_slug,
    changed.instance_type,
    array_agg(distinct changed.region order by changed.region) as regions,
    changed.pricing_type,
    changed.gpu_count,
    changed.currency,
    changed.old_price,
    changed.price as new_price,
    max(changed.old_since) as old_since,
    changed.since as changed_at,
    min(earlier.request_url) as old_source_url,
    min(later.request_url) as new_source_url
from followed as changed
left join scrape_jobs as earlier on earlier.id = changed.old_job_id
left join scrape_jobs as later on later.id = changed.job_id
where changed.old_until >= changed.since
    and changed.seen_until >= changed.since + interval '1 hour'
    and changed.old_price > 0
    and abs(changed.price / changed.old_price - 1) >= 0.03
group by
    changed.gpu_slug,
    changed.provider_slug,
    changed.instance_type,
    changed.pricing_type,
    changed.gpu_count,
    changed.currency,
    changed.old_price,
    changed.price,
    changed.since
order by
    changed.since desc,
    changed.provider_slug,
    changed.gpu_slug,
    changed.instance_type,
    changed.pricing_type,
    changed.gpu_count,
    changed.currency,
    changed.old_price,
    changed.price;
