-- Price changes as we observed them ourselves (price_events_at), and those that a correction has retracted since, the newest first.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: PriceEventRow (per GPU-hour, in the currency charged; before tax)
with observed as (
    select
        event.*,
        null::date as retracted_on
    from price_events_at(%(as_of)s, %(gpus)s::text[], %(providers)s::text[]) as event
)

select *
from observed
union all
select
    gpu.slug,
    provider.slug,
    gone.instance_type,
    gone.regions,
    gone.pricing_type,
    gone.gpu_count,
    gone.currency,
    gone.old_price,
    gone.new_price,
    gone.old_since,
    gone.changed_at,
    gone.old_source_url,
    gone.new_source_url,
    gone.retracted_on
from retracted_price_events as gone
inner join gpu_models as gpu on gpu.id = gone.gpu_model_id and gpu.is_active
inner join providers as provider on provider.id = gone.provider_id and provider.is_active
where (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
    and not exists (
        select
        from observed
        where (
            observed.gpu_slug, observed.provider_slug, observed.instance_type, observed.pricing_type, observed.gpu_count,
            observed.currency, observed.old_price, observed.new_price, observed.changed_at
        ) = (
            gpu.slug, provider.slug, gone.instance_type, gone.pricing_type, gone.gpu_count,
            gone.currency, gone.old_price, gone.new_price, gone.changed_at
        )
    )
order by
    changed_at desc,
    provider_slug,
    gpu_slug,
    instance_type,
    pricing_type,
    gpu_count,
    currency,
    old_price,
    new_price;
