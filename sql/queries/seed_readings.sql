-- Write the seed's price readings, with their GPU's id.
-- params: none
-- row: none
insert into reference_history (
    source_id,
    provider,
    gpu_model_id,
    pricing_type,
    price_per_gpu_hour,
    observed_at,
    region,
    gpu_count,
    price_basis
)
select
    seed_readings.source_id,
    seed_readings.provider,
    gpu_models.id,
    seed_readings.pricing_type,
    seed_readings.price_per_gpu_hour,
    seed_readings.observed_at,
    seed_readings.region,
    seed_readings.gpu_count,
    seed_readings.price_basis
from seed_readings
join gpu_models on gpu_models.slug = seed_readings.gpu_slug
order by gpu_models.id, seed_readings.pricing_type, seed_readings.observed_at;
