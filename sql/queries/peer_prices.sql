-- What others charge for a GPU on demand now: each provider's lowest, the cheapest first.
-- params: gpu_slug (text), provider (text: not this one)
-- row: PeerPrice (US dollars per GPU-hour)
select
    provider.name as provider,
    provider.slug as provider_slug,
    min(offer.price_per_gpu_hour) as price_per_gpu_hour,
    count(*) as offers_n
from instances as offer
inner join providers as provider on provider.id = offer.provider_id
inner join gpu_models as gpu on gpu.id = offer.gpu_model_id
where gpu.slug = %(gpu_slug)s
    and provider.slug <> %(provider)s
    and offer.is_active
    and offer.price_basis = 'complete'
    and offer.price_per_gpu_hour is not null
group by
    provider.name,
    provider.slug
order by
    price_per_gpu_hour,
    provider.name;
