-- Each provider's lowest ranked price of these GPUs with a feature that its offers state: on demand with NVLink or InfiniBand between
-- GPUs, and spot.  A reseller's price does not count beside that of the cloud behind it.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: FeatureFloorRow (US dollars per GPU-hour)
select
    shown.gpu_slug,
    stated.feature,
    shown.provider_slug,
    min(shown.price_per_gpu_hour) as floor
from offers_at(%(as_of)s) as shown
inner join gpu_models as gpu on gpu.id = shown.gpu_model_id and gpu.is_active
cross join lateral (values ('nvlink', shown.has_nvlink), ('infiniband', shown.has_infiniband)) as stated (feature, holds)
where stated.holds
    and shown.is_ranked
    and shown.price_per_gpu_hour is not null
    and 'on_demand' <> all (shown.disputed_as)
    and (%(gpus)s::text[] is null or shown.gpu_slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or shown.provider_slug = any(%(providers)s))
    and not exists (
        select
        from gpu_floors as own
        inner join providers as cloud on cloud.id = own.provider_id
        where own.gpu_model_id = shown.gpu_model_id
            and own.pricing_type = 'on_demand'
            and cloud.slug = shown.upstream
            and cloud.slug <> shown.provider_slug
    )
group by
    shown.gpu_slug,
    stated.feature,
    shown.provider_slug
union all
select
    gpu.slug,
    'spot',
    provider.slug,
    lowest.floor
from gpu_floors as lowest
inner join gpu_models as gpu on gpu.id = lowest.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = lowest.provider_id and provider.is_active
where lowest.pricing_type = 'spot'
    and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
order by
    gpu_slug,
    feature,
    floor,
    provider_slug;
