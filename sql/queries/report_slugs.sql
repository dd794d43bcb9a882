-- The slugs of all GPUs, or of all providers.
-- params: kind (text)
-- row: Slug
select slug
from gpu_models
where %(kind)s::text = 'gpu'
union all
select slug
from providers
where %(kind)s::text = 'provider';
