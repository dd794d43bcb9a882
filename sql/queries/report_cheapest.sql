-- A GPU's on-demand offers that one can rent now, the cheapest per GPU first.
-- params: gpu (text), as_of (timestamptz)
-- row: CheapestOffer (US dollars per hour, before tax: per GPU, and for the whole instance)
select
    provider.display_name as provider,
    provider.slug as provider_slug,
    gpu.short_name as gpu,
    offer.instance_type,
    offer.region,
    offer.gpu_count,
    offer.price_per_gpu_hour,
    offer.price_per_hour,
    offer.availability_status::text as availability,
    provider.reliability_tier::text as tier,
    offer.is_recorded
from prices_at(%(as_of)s::timestamptz) as offer
join providers as provider on provider.id = offer.provider_id
join gpu_models as gpu on gpu.id = offer.gpu_model_id
where offer.gpu_slug = %(gpu)s::text
  and offer.pricing_type = 'on_demand'
  and offer.is_ranked
order by offer.price_per_gpu_hour, provider.slug, offer.instance_type, offer.region
limit 20;
