-- Every known spelling of a GPU's name, with the GPU's facts, for the scrapers.
-- params: none
-- row: AliasRow (alias in normalised spelling; memory_gb null for any; vram_gb null for a chip)
select
    a.alias,
    a.memory_gb,
    g.slug,
    g.kind,
    g.chip,
    g.vram_gb::numeric as vram_gb,
    g.form_factor,
    g.memory_type,
    g.architecture::text as architecture
from gpu_aliases a
join gpu_models g on g.id = a.gpu_model_id
where g.is_active
order by a.alias, a.memory_gb nulls first;
