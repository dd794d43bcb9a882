-- Write the normalised names of GPUs; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into gpu_aliases as known (
    alias,
    memory_gb,
    gpu_model_id
)
select
    seed.alias,
    seed.memory_gb,
    gpu_models.id
from jsonb_to_recordset(%(rows)s::jsonb) as seed (
    alias text,
    memory_gb numeric,
    gpu_slug text
)
join gpu_models on gpu_models.slug = seed.gpu_slug
on conflict (alias, memory_gb) do update set
    gpu_model_id = excluded.gpu_model_id
where (
    known.gpu_model_id
) is distinct from (
    excluded.gpu_model_id
);
