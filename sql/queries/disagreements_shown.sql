-- Where readings of others differ from our prices now, with the verdicts that apply, by GPU and provider.
--
-- Present disagreements whose price of ours was seen by as_of: the table keeps no past.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: DisagreementRow (US dollars per GPU-hour)
select
    provider.slug as provider_slug,
    gpu.slug as gpu_slug,
    entry.pricing_type,
    entry.region,
    entry.gpu_count,
    entry.instance_type,
    entry.price_per_gpu_hour,
    entry.observed_at,
    entry.reading_source,
    entry.reading_url,
    entry.reading_licence,
    entry.reading_price_per_gpu_hour,
    entry.reading_observed_at,
    case entry.state when 'judged' then entry.verdict end as verdict,
    case entry.state when 'judged' then entry.reason end as reason
from cloudgpus.disagreements as entry
inner join cloudgpus.providers as provider on provider.id = entry.provider_id and provider.is_active
inner join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id and gpu.is_active
where entry.state <> 'settled'
    and entry.observed_at <= %(as_of)s
    and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
order by gpu.slug, provider.slug, entry.pricing_type, entry.region, entry.gpu_count, entry.reading_source;
