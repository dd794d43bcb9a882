-- Note the GPU names in an answer that no alias knows: one row for each name and memory.
-- params: provider_id (uuid), observed_at (timestamptz), names (text[]), memories (numeric[]), examples (text[]), offers (integer[])
-- row: none
insert into cloudgpus.unmapped_gpu_names as known (
    provider_id,
    gpu_name,
    gpu_memory_gb,
    example_instance_type,
    offers,
    first_seen_at,
    last_seen_at
)
select
    %(provider_id)s,
    unmapped.name,
    unmapped.memory_gb,
    min(unmapped.example),
    sum(unmapped.offers),
    %(observed_at)s,
    %(observed_at)s
from unnest(
    %(names)s::text[],
    %(memories)s::numeric[],
    %(examples)s::text[],
    %(offers)s::integer[]
) as unmapped (name, memory_gb, example, offers)
group by
    unmapped.name,
    unmapped.memory_gb
order by
    unmapped.name,
    unmapped.memory_gb
on conflict (provider_id, gpu_name, gpu_memory_gb) do update set
    example_instance_type = excluded.example_instance_type,
    offers = excluded.offers,
    first_seen_at = least(known.first_seen_at, excluded.first_seen_at),
    last_seen_at = excluded.last_seen_at
where known.last_seen_at <= excluded.last_seen_at;
