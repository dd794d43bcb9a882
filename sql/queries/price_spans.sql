-- Of which GPUs in use each active provider has stored prices, since when, and whether one of them changed; as settled last.
-- params: none
-- row: PriceSpanRow
select
    provider.slug as provider_slug,
    gpu.slug as gpu_slug,
    span.first_on,
    span.has_changed
from price_spans as span
inner join providers as provider on provider.id = span.provider_id and provider.is_active
inner join gpu_models as gpu on gpu.id = span.gpu_model_id and gpu.is_active
order by
    provider.slug,
    gpu.slug;
