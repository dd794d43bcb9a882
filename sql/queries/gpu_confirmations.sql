-- When a ranked price of these GPUs was last confirmed.
-- params: as_of (timestamptz), gpus (text[]; null for all)
-- row: ConfirmedRow (UTC)
select
    shown.gpu_slug,
    max(shown.last_confirmed_at) as last_confirmed_at
from offers_at(%(as_of)s) as shown
inner join gpu_models as gpu on gpu.id = shown.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = shown.provider_id and provider.is_active
where shown.is_ranked
    and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
group by shown.gpu_slug;
