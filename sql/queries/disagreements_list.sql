-- Where readings of others differ from our prices: those not judged first, then the furthest apart.
-- params: provider (text or null: all), everything (boolean: settled ones too)
-- row: Entry (US dollars per GPU-hour; ratio: theirs divided by ours)
select
    entry.id,
    provider.slug as provider,
    gpu.slug as gpu_slug,
    entry.pricing_type,
    entry.region,
    entry.gpu_count,
    entry.instance_type,
    entry.instance_region,
    entry.price_per_gpu_hour,
    entry.observed_at,
    entry.source_url,
    entry.reading_source,
    entry.reading_url,
    entry.reading_licence,
    entry.reading_price_per_gpu_hour,
    entry.reading_observed_at,
    entry.ratio,
    entry.first_seen_run,
    entry.last_seen,
    entry.state,
    entry.verdict,
    entry.judged_by,
    entry.judged_at,
    entry.reason,
    entry.judged_price_per_gpu_hour,
    entry.judged_reading_price_per_gpu_hour
from cloudgpus.disagreements as entry
inner join cloudgpus.providers as provider on provider.id = entry.provider_id
inner join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
where (%(everything)s or entry.state <> 'settled')
    and (%(provider)s::text is null or provider.slug = %(provider)s)
order by array_position(array['open', 'judged', 'settled'], entry.state), abs(ln(entry.ratio)) desc, entry.id;
