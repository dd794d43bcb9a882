-- The offers of these GPUs and providers, if in use, that may be shown at as_of, by GPU, provider and instance type, cheapest region first.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: OfferRow (US dollars before tax; price_per_hour..., price_per_month: the whole instance; price_per_gpu_hour...: one GPU)
with outvoted as (
    select
        id,
        array_agg(pricing_type) as pricing_types
    from prices_at(
        %(as_of)s,
        array(
            select offer.gpu_model_id
            from instances as offer
            inner join gpu_models as gpu on gpu.id = offer.gpu_model_id
            inner join providers as provider on provider.id = offer.provider_id
            where offer.upstream is not null
                and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
                and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
        )
    )
    where upstream is not null
        and not is_ranked
    group by id
)

select
    offer.id::text,
    shown.provider_slug,
    shown.gpu_slug,
    offer.instance_type,
    offer.region,
    offer.gpu_count,
    offer.gpu_share,
    offer.size_stated,
    offer.currency,
    offer.price_basis,
    offer.upstream,
    offer.instance_name,
    offer.instance_url,
    offer.availability_status,
    offer.availability_stated,
    coalesce(offer.available_regions, '{}') as available_regions,
    shown.price_per_hour,
    shown.price_per_hour_spot,
    shown.price_per_month,
    shown.price_per_hour_reserved_1y,
    shown.price_per_hour_reserved_3y,
    shown.price_per_gpu_hour,
    shown.price_per_gpu_hour_spot,
    shown.price_per_gpu_hour_monthly,
    shown.price_per_gpu_hour_reserved_1y,
    shown.price_per_gpu_hour_reserved_3y,
    case when shown.price_per_hour is not null then offer.original_price_per_hour end as original_price_per_hour,
    case when shown.price_per_hour_spot is not null then offer.original_price_per_hour_spot end as original_price_per_hour_spot,
    offer.source_url,
    offer.scrape_job_id::text,
    recording.origin_url,
    shown.last_confirmed_at,
    shown.freshness,
    offer.is_recorded,
    shown.is_ranked,
    coalesce(shown.has_infiniband, false) as has_infiniband,
    shown.has_nvlink,
    offer.vcpu_count,
    offer.ram_gb,
    coalesce(located.places, '{}') as places,
    coalesce(outvoted.pricing_types, '{}') as outvoted_as,
    shown.disputed_as,
    offer.price_ends
from offers_at(%(as_of)s) as shown
inner join instances as offer on offer.id = shown.id
inner join gpu_models as gpu on gpu.id = shown.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = shown.provider_id and provider.is_active
left join outvoted on outvoted.id = offer.id
left join lateral (
    select capture.origin_url
    from captures as capture
    where offer.is_recorded
        and capture.scrape_job_id = shown.scrape_job_id
        and capture.is_recorded
    limit 1
) as recording on true
left join lateral (
    select array_agg(distinct named.code order by named.code) as places
    from provider_regions as place
    cross join lateral (values (place.continent), (place.country::text)) as named (code)
    where place.provider_id = shown.provider_id
        and (place.region = offer.region or place.region = any(offer.available_regions))
        and named.code is not null
) as located on true
where (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
order by
    shown.gpu_slug,
    shown.provider_slug,
    offer.gpu_count,
    offer.gpu_share,
    shown.price_per_hour nulls last,
    shown.price_per_hour_spot nulls last,
    offer.instance_type,
    offer.region;
