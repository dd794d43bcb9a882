-- Enter the offers that a run holds back and that have no entry yet.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz), types, regions, gpus, rules, details (text[]: of each offer), prices (jsonb[])
-- row: none
insert into cloudgpus.quarantine (
    provider_id,
    instance_type,
    region,
    gpu_model_id,
    rule,
    detail,
    prices,
    first_seen_at,
    last_seen_at,
    first_job_id,
    last_job_id
)
select distinct on (held.instance_type, held.region)
    %(provider_id)s,
    held.instance_type,
    held.region,
    gpu.id,
    held.rule,
    held.detail,
    held.prices,
    %(observed_at)s,
    %(observed_at)s,
    %(job_id)s,
    %(job_id)s
from unnest(
    %(types)s::text[], %(regions)s::text[], %(gpus)s::text[], %(rules)s::text[], %(details)s::text[], %(prices)s::jsonb[]
) as held (instance_type, region, gpu_slug, rule, detail, prices)
left join cloudgpus.gpu_models as gpu on gpu.slug = held.gpu_slug
order by held.instance_type, held.region, held.detail
on conflict (provider_id, instance_type, region) where state in ('waiting', 'rejected') do nothing;
