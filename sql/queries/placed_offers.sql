-- The offers of these GPUs and providers whose place is known, counted by GPU, provider and region, with the cheapest ranked
-- on-demand offer of each; one that does not rank where none does.  A reseller's price does not rank beside that of the cloud
-- behind it.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: PlacedOfferRow (US dollars before tax; price_per_hour: the whole instance; price_per_gpu_hour: one GPU)
with located as (
    select
        shown.id,
        shown.gpu_slug,
        shown.provider_slug,
        place.region,
        place.name as site,
        place.country::text as country,
        place.continent,
        shown.is_ranked
        and gpu.kind = 'variant'
        and shown.price_per_gpu_hour is not null
        and 'on_demand' <> all (shown.disputed_as)
        and not exists (
            select
            from gpu_floors as own
            inner join providers as cloud on cloud.id = own.provider_id
            where own.gpu_model_id = shown.gpu_model_id
                and own.pricing_type = 'on_demand'
                and cloud.slug = shown.upstream
                and cloud.slug <> shown.provider_slug
        ) as is_ranked,
        shown.price_per_hour,
        shown.price_per_gpu_hour,
        shown.price_per_gpu_hour_spot,
        shown.last_confirmed_at,
        shown.freshness,
        shown.scrape_job_id
    from offers_at(%(as_of)s) as shown
    inner join gpu_models as gpu on gpu.id = shown.gpu_model_id and gpu.is_active
    inner join providers as provider on provider.id = shown.provider_id and provider.is_active
    inner join provider_regions as place
        on place.provider_id = shown.provider_id
        and (place.region = shown.region or place.region = any(shown.available_regions))
    where (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
        and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
),

cheapest as (
    select distinct on (gpu_slug, provider_slug, region)
        id,
        gpu_slug,
        provider_slug,
        region,
        site,
        country,
        continent,
        is_ranked,
        price_per_hour,
        price_per_gpu_hour,
        price_per_gpu_hour_spot,
        last_confirmed_at,
        freshness,
        scrape_job_id,
        count(*) over (partition by gpu_slug, provider_slug, region) as offers_n
    from located
    order by
        gpu_slug,
        provider_slug,
        region,
        is_ranked desc,
        price_per_gpu_hour,
        id
)

select
    cheapest.gpu_slug,
    cheapest.provider_slug,
    cheapest.region,
    cheapest.site,
    cheapest.country,
    cheapest.continent,
    cheapest.offers_n,
    cheapest.is_ranked,
    coalesce(offer.instance_name, offer.instance_type) as instance_type,
    offer.upstream,
    offer.gpu_count,
    offer.size_stated,
    offer.currency,
    case when cheapest.price_per_hour is not null then offer.original_price_per_hour end as original_price_per_hour,
    cheapest.price_per_hour,
    cheapest.price_per_gpu_hour,
    cheapest.price_per_gpu_hour_spot,
    offer.availability_status,
    offer.availability_stated,
    cheapest.last_confirmed_at,
    cheapest.freshness,
    offer.is_recorded,
    offer.price_ends,
    offer.instance_url,
    offer.source_url,
    offer.scrape_job_id::text,
    recording.origin_url
from cheapest
inner join instances as offer on offer.id = cheapest.id
left join lateral (
    select capture.origin_url
    from captures as capture
    where offer.is_recorded
        and capture.scrape_job_id = cheapest.scrape_job_id
        and capture.is_recorded
    limit 1
) as recording on true
order by
    cheapest.gpu_slug,
    cheapest.provider_slug,
    cheapest.region;
