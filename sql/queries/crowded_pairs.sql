-- The active providers and GPUs in use of which more than 20 offers are shown; as settled last.
-- params: none
-- row: CrowdedPairRow
select
    provider.slug as provider_slug,
    gpu.slug as gpu_slug
from crowded_pairs as crowded
inner join providers as provider on provider.id = crowded.provider_id and provider.is_active
inner join gpu_models as gpu on gpu.id = crowded.gpu_model_id and gpu.is_active
order by
    provider.slug,
    gpu.slug;
