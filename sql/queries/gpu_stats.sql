-- Market figures of these GPUs and pricing types, over the whole market and by segment: one vote per provider, its cheapest
-- ranked offer; as settled last.
-- params: gpus (text[]; null for all)
-- row: StatsRow (US dollars per GPU-hour; segment: '' for the whole market)
select
    gpu.slug as gpu_slug,
    figures.pricing_type,
    figures.segment,
    figures.providers_n,
    figures.offers_n,
    figures.floor,
    figures.p25,
    figures.median,
    figures.p75,
    figures.ceiling,
    figures.cheapest_provider
from gpu_figures as figures
inner join gpu_models as gpu on gpu.id = figures.gpu_model_id
where %(gpus)s::text[] is null or gpu.slug = any(%(gpus)s)
order by
    gpu.slug,
    figures.pricing_type,
    figures.segment;
