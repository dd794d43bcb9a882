-- Each provider's offers of a GPU step by step: every price as stored, from when to when, and when the offer was gone.
--
-- A price that is still in force was last seen at the start of the day on which it was, so that seeing it once more on the
-- same day changes no row.  Where a price ended as its provider stated, a step ends there, and the next is without it.
-- What is dated later than as_of is not shown yet.
-- params: as_of (timestamptz), pairs (text[]: provider/GPU; null for all)
-- row: PriceStepRow (US dollars per GPU-hour, charged_...: in the currency charged; before tax)
select
    provider.slug || '/' || gpu.slug as pair,
    segment.instance_id::text as offer_id,
    offer.instance_type,
    offer.region,
    offer.size_stated,
    offer.price_basis,
    segment.gpu_count,
    segment.gpu_share,
    case when offer.availability_stated then segment.availability_status::text end as availability,
    in_usd.on_demand,
    in_usd.spot,
    in_usd.monthly,
    in_usd.reserved_1y,
    in_usd.reserved_3y,
    segment.currency,
    charged.on_demand as charged_on_demand,
    charged.spot as charged_spot,
    charged.monthly as charged_monthly,
    charged.reserved_1y as charged_reserved_1y,
    charged.reserved_3y as charged_reserved_3y,
    part.since as valid_from,
    coalesce(part.until, case when segment.valid_to <= %(as_of)s then segment.valid_to end) as valid_to,
    greatest(
        part.since,
        least(
            part.until,
            case
                when segment.valid_to <= %(as_of)s then segment.last_confirmed_at
                when segment.valid_to is null
                    and confirmation.last_confirmed_at <= %(as_of)s
                    and offer.provider_id = segment.provider_id
                    and offer.gpu_model_id = segment.gpu_model_id
                    then date_trunc('day', confirmation.last_confirmed_at, 'UTC')
            end
        )
    ) as last_confirmed_at,
    segment.is_active,
    segment.is_recorded,
    case
        when segment.is_recorded then (
            select min(capture.origin_url)
            from captures as capture
            where capture.scrape_job_id = segment.scrape_job_id
                and capture.is_recorded
        )
        else job.request_url
    end as evidence_url
from price_spans as span
inner join providers as provider on provider.id = span.provider_id and provider.is_active
inner join gpu_models as gpu on gpu.id = span.gpu_model_id and gpu.is_active
inner join price_history as segment
    on segment.provider_id = span.provider_id
    and segment.gpu_model_id = span.gpu_model_id
inner join instances as offer on offer.id = segment.instance_id
left join confirmations as confirmation on confirmation.instance_id = segment.instance_id
left join scrape_jobs as job on job.id = segment.scrape_job_id
cross join lateral (
    select
        cut.at as since,
        lead(cut.at) over (order by cut.at) as until
    from (
        select segment.recorded_at as at
        union
        select ended.at::timestamptz
        from jsonb_each_text(segment.price_ends) as ended (price_column, at)
        where ended.at::timestamptz > segment.recorded_at
            and ended.at::timestamptz < coalesce(segment.valid_to, 'infinity')
            and ended.at::timestamptz <= %(as_of)s
    ) as cut
) as part
cross join lateral (
    select
        price_per_gpu_hour(price_until(segment.price_per_hour, segment.price_ends, 'price_per_hour', part.since), segment.gpu_count, segment.gpu_share) as on_demand,
        price_per_gpu_hour(price_until(segment.price_per_hour_spot, segment.price_ends, 'price_per_hour_spot', part.since), segment.gpu_count, segment.gpu_share) as spot,
        price_per_gpu_hour(price_until(segment.price_per_month, segment.price_ends, 'price_per_month', part.since) / hours_per_month(), segment.gpu_count, segment.gpu_share) as monthly,
        price_per_gpu_hour(price_until(segment.price_per_hour_reserved_1y, segment.price_ends, 'price_per_hour_reserved_1y', part.since), segment.gpu_count, segment.gpu_share) as reserved_1y,
        price_per_gpu_hour(price_until(segment.price_per_hour_reserved_3y, segment.price_ends, 'price_per_hour_reserved_3y', part.since), segment.gpu_count, segment.gpu_share) as reserved_3y
) as in_usd
cross join lateral (
    select
        price_per_gpu_hour(price_until(segment.original_price_per_hour, segment.price_ends, 'price_per_hour', part.since), segment.gpu_count, segment.gpu_share) as on_demand,
        price_per_gpu_hour(price_until(segment.original_price_per_hour_spot, segment.price_ends, 'price_per_hour_spot', part.since), segment.gpu_count, segment.gpu_share) as spot,
        price_per_gpu_hour(
            price_until(segment.original_price_per_month, segment.price_ends, 'price_per_month', part.since) / hours_per_month(), segment.gpu_count, segment.gpu_share
        ) as monthly,
        price_per_gpu_hour(price_until(segment.original_price_per_hour_reserved_1y, segment.price_ends, 'price_per_hour_reserved_1y', part.since), segment.gpu_count, segment.gpu_share) as reserved_1y,
        price_per_gpu_hour(price_until(segment.original_price_per_hour_reserved_3y, segment.price_ends, 'price_per_hour_reserved_3y', part.since), segment.gpu_count, segment.gpu_share) as reserved_3y
) as charged
where segment.recorded_at <= %(as_of)s
    and (
        %(pairs)s::text[] is null
        or (
            provider.slug || '/' || gpu.slug = any(%(pairs)s)
            and segment.provider_id = any(array(
                select id
                from providers
                where slug = any(array(select split_part(pair, '/', 1) from unnest(%(pairs)s::text[]) as pair))
            ))
        )
    )
order by
    provider.slug,
    gpu.slug,
    offer.instance_type,
    offer.region,
    segment.instance_id,
    part.since,
    segment.valid_to,
    segment.id;
