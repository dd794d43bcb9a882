-- Whose on-demand prices of a GPU a licensed source read, but not of a whole machine, with what they are of.
-- params: as_of (timestamptz), gpus (text[]; null for all)
-- row: IncompleteReadingRow
select
    gpu.slug as gpu_slug,
    source.slug as source_slug,
    reading.provider as provider_slug,
    min(reading.price_basis) as price_basis
from reference_history as reading
inner join gpu_models as gpu on gpu.id = reading.gpu_model_id
inner join reference_sources as source on source.id = reading.source_id
where reading.pricing_type = 'on_demand'
    and reading.price_basis <> 'complete'
    and reading.observed_at <= %(as_of)s
    and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
group by
    gpu.slug,
    source.slug,
    reading.provider
order by
    gpu.slug,
    source.slug,
    reading.provider;
