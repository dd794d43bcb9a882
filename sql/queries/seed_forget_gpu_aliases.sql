-- Delete the names that the seeds no longer have, or that mean another GPU now: nothing refers to a name.
-- params: rows (jsonb)
-- row: none
delete from gpu_aliases
where not exists (
    select
    from jsonb_to_recordset(%(rows)s::jsonb) as seed (
        alias text,
        memory_gb numeric
    )
    where seed.alias = gpu_aliases.alias and seed.memory_gb is not distinct from gpu_aliases.memory_gb
);
