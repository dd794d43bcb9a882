-- How many offers of these GPUs are shown; as settled last.
-- params: gpus (text[]; null for all)
-- row: ShownOffersRow
select
    gpu.slug as gpu_slug,
    shown.offers_n
from gpu_offers as shown
inner join gpu_models as gpu on gpu.id = shown.gpu_model_id
where %(gpus)s::text[] is null or gpu.slug = any(%(gpus)s);
