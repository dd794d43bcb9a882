-- GPU names that no alias knows, those in the most offers first.
-- params: none
-- row: Unmapped (memory in GB, where the provider states it)
select
    p.slug as provider,
    u.gpu_name,
    u.gpu_memory_gb,
    u.example_instance_type,
    u.offers,
    u.last_seen_at
from unmapped_gpu_names u
join providers p on p.id = u.provider_id
order by u.offers desc, p.slug, u.gpu_name;
