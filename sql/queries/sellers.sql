-- Which active providers have a ranked on-demand price of each GPU variant in use, for which numbers of GPUs, and in how
-- many configurations and regions.
-- params: none
-- row: SellersRow (gpu_counts: in words, "1 8"; 0 where the size is not stated)
select
    gpu.slug as gpu_slug,
    array_agg(provider.slug order by provider.slug) as provider_slugs,
    array_agg(array_to_string(lowest.gpu_counts, ' ') order by provider.slug) as gpu_counts,
    array_agg(lowest.places_n order by provider.slug) as places_n
from gpu_floors as lowest
inner join gpu_models as gpu on gpu.id = lowest.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = lowest.provider_id and provider.is_active
where lowest.pricing_type = 'on_demand'
    and gpu.kind = 'variant'
group by gpu.slug
order by gpu.slug;
