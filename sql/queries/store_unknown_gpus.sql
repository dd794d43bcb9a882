-- GPUs that incoming offers name and the catalogue has not, by slug.
-- params: none
-- row: _UnknownGpu (gpu_slug)
select distinct gpu_slug
from incoming_offers
where gpu_model_id is null
order by gpu_slug;
