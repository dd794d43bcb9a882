-- Which active providers have a ranked on-demand price of each GPU variant in use.
-- params: none
-- row: SellersRow
select
    gpu.slug as gpu_slug,
    array_agg(provider.slug order by provider.slug) as provider_slugs
from gpu_floors as lowest
inner join gpu_models as gpu on gpu.id = lowest.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = lowest.provider_id and provider.is_active
where lowest.pricing_type = 'on_demand'
    and gpu.kind = 'variant'
group by gpu.slug
order by gpu.slug;
