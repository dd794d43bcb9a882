-- Write the machines that are sold without a known price; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into sold_without_price as known (
    provider_id,
    gpu_model_id,
    machine_type,
    url,
    source_url,
    checked_on
)
select
    providers.id,
    gpu_models.id,
    seed.machine_type,
    seed.url,
    seed.source_url,
    seed.checked_on
from jsonb_to_recordset(%(rows)s::jsonb) as seed (
    provider text,
    gpu_slug text,
    machine_type text,
    url text,
    source_url text,
    checked_on date
)
join providers on providers.slug = seed.provider
join gpu_models on gpu_models.slug = seed.gpu_slug
on conflict (provider_id, machine_type) do update set
    gpu_model_id = excluded.gpu_model_id,
    url = excluded.url,
    source_url = excluded.source_url,
    checked_on = excluded.checked_on
where (
    known.gpu_model_id,
    known.url,
    known.source_url,
    known.checked_on
) is distinct from (
    excluded.gpu_model_id,
    excluded.url,
    excluded.source_url,
    excluded.checked_on
);
