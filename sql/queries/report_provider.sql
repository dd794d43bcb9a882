-- What a provider offers now: the GPU with the most memory first, then the cheapest per GPU.
-- params: provider (text), as_of (timestamptz)
-- row: ProviderOffer (US dollars per hour, before tax: per GPU, and for the whole instance)
select
    gpu.short_name as gpu,
    gpu.slug as gpu_slug,
    gpu.vram_gb,
    gpu.architecture::text as architecture,
    offer.instance_type,
    offer.region,
    offer.gpu_count,
    offer.gpu_share,
    offer.pricing_type,
    offer.price_per_gpu_hour,
    offer.price_per_hour,
    offer.availability_status::text as availability,
    offer.has_nvlink,
    offer.has_infiniband
from prices_at(%(as_of)s::timestamptz) as offer
join gpu_models as gpu on gpu.id = offer.gpu_model_id
where offer.provider_slug = %(provider)s::text
order by gpu.vram_gb desc nulls last, gpu.slug, offer.pricing_type, offer.price_per_gpu_hour, offer.instance_type, offer.region;
