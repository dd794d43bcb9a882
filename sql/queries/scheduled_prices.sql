-- Prices of these GPUs and providers, if in use, that are announced for after as_of, with those withdrawn before their day; the
-- earliest first.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: ScheduledPriceRow (US dollars per GPU-hour before tax)
select
    gpu.slug as gpu_slug,
    provider.slug as provider_slug,
    later.instance_type,
    later.region,
    later.gpu_count,
    later.pricing_type,
    later.price_per_gpu_hour,
    later.currency,
    later.original_price,
    later.starts_at,
    later.ends_at,
    later.source_url,
    later.first_seen_at,
    case when later.withdrawn_at <= %(as_of)s then later.withdrawn_at end as withdrawn_at
from scheduled_prices as later
inner join gpu_models as gpu on gpu.id = later.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = later.provider_id and provider.is_active
where later.starts_at > %(as_of)s
    and later.first_seen_at <= %(as_of)s
    and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
order by
    gpu.slug,
    provider.slug,
    later.starts_at,
    later.instance_type,
    later.region,
    later.pricing_type;
