-- These providers' cheapest ranked offers of these GPUs, by pricing type, and at each number of GPUs; as settled last.
-- params: gpus (text[]; null for all), providers (text[]; null for all)
-- row: FloorRow (US dollars per GPU-hour; gpu_counts: 0 where the size is not stated)
select
    gpu.slug as gpu_slug,
    provider.slug as provider_slug,
    lowest.pricing_type,
    lowest.floor,
    lowest.gpu_counts,
    lowest.count_floors
from gpu_floors as lowest
inner join gpu_models as gpu on gpu.id = lowest.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = lowest.provider_id and provider.is_active
where (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
order by
    gpu.slug,
    provider.slug,
    lowest.pricing_type;
