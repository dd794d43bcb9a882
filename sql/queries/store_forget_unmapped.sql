-- Delete the unknown names that a complete answer, no older than they are, does not have.
-- params: provider_id (uuid), observed_at (timestamptz), names (text[]), memories (numeric[])
-- row: none
delete from cloudgpus.unmapped_gpu_names as known
where known.provider_id = %(provider_id)s
    and known.last_seen_at <= %(observed_at)s
    and not exists (
        select
        from unnest(%(names)s::text[], %(memories)s::numeric[]) as unmapped (name, memory_gb)
        where unmapped.name = known.gpu_name
            and unmapped.memory_gb is not distinct from known.gpu_memory_gb
    );
