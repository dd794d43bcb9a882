-- GPUs that incoming offers name and the catalogue lacks, by slug.
-- params: none
-- row: _UnknownGpu (gpu_slug)
select distinct incoming.gpu_slug
from matched_offers as matched
inner join incoming_offers as incoming
    on incoming.instance_type = matched.instance_type
    and incoming.region = matched.region
where matched.gpu_model_id is null
order by incoming.gpu_slug;
