-- Every known spelling of an active GPU's name.
-- params: none
-- row: GpuNameRow (alias in normalised spelling; memory_gb null for any)
select
    alias.alias,
    alias.memory_gb,
    gpu.slug as gpu_slug
from gpu_aliases as alias
inner join gpu_models as gpu on gpu.id = alias.gpu_model_id
where gpu.is_active
order by alias.alias, alias.memory_gb nulls first;
