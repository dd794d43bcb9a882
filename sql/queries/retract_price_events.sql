-- Note which of the price changes that were listed are none any more, after what a provider's answers state was corrected.
-- params: provider (text), as_of (timestamptz), listed (jsonb: as price_events_at returned them before), retracted_on (date)
-- row: none
insert into retracted_price_events (
    provider_id,
    gpu_model_id,
    instance_type,
    regions,
    pricing_type,
    gpu_count,
    currency,
    old_price,
    new_price,
    old_since,
    changed_at,
    old_source_url,
    new_source_url,
    retracted_on
)
select
    provider.id,
    gpu.id,
    listed.instance_type,
    listed.regions,
    listed.pricing_type,
    listed.gpu_count,
    listed.currency,
    listed.old_price,
    listed.new_price,
    listed.old_since,
    listed.changed_at,
    listed.old_source_url,
    listed.new_source_url,
    %(retracted_on)s
from jsonb_to_recordset(%(listed)s::jsonb) as listed (
    gpu_slug text,
    instance_type text,
    regions text[],
    pricing_type text,
    gpu_count smallint,
    currency text,
    old_price numeric,
    new_price numeric,
    old_since timestamptz,
    changed_at timestamptz,
    old_source_url text,
    new_source_url text
)
inner join providers as provider on provider.slug = %(provider)s
inner join gpu_models as gpu on gpu.slug = listed.gpu_slug
where not exists (
    select
    from price_events_at(%(as_of)s, null, array[%(provider)s]) as event
    where (
        event.gpu_slug, event.instance_type, event.pricing_type, event.gpu_count, event.currency, event.old_price,
        event.new_price, event.changed_at
    ) = (
        gpu.slug, listed.instance_type, listed.pricing_type, listed.gpu_count, listed.currency, listed.old_price,
        listed.new_price, listed.changed_at
    )
)
on conflict do nothing;
