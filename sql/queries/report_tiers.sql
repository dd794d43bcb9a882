-- On-demand prices of each GPU by the providers' reliability tier.
-- params: as_of (timestamptz)
-- row: TierPrice (US dollars per GPU-hour; average of all ranked offers)
select
    gpu.short_name as gpu,
    provider.reliability_tier::text as tier,
    count(*)::integer as offers_n,
    count(distinct provider.id)::integer as providers_n,
    avg(offer.price_per_gpu_hour) as average_price,
    min(offer.price_per_gpu_hour) as minimum_price,
    max(offer.price_per_gpu_hour) as maximum_price
from prices_at(%(as_of)s::timestamptz) as offer
join providers as provider on provider.id = offer.provider_id
join gpu_models as gpu on gpu.id = offer.gpu_model_id
where offer.pricing_type = 'on_demand'
  and offer.is_ranked
group by gpu.short_name, provider.reliability_tier
order by gpu.short_name, provider.reliability_tier;
