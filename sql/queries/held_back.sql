-- How many offers of the newest parsed answers are not shown, by provider, GPU and what holds them back.
--
-- Present entries that were known by as_of: neither table keeps a past.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: HeldBackRow (gpu_slug: null where the offer names none that has a page)
select
    provider.slug as provider_slug,
    gpu.slug as gpu_slug,
    entry.rule,
    count(*)::integer as offers_n,
    0 as names_n
from cloudgpus.quarantine as entry
inner join cloudgpus.providers as provider on provider.id = entry.provider_id and provider.is_active
left join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id and gpu.is_active
where entry.state in ('waiting', 'rejected')
    and entry.instance_type <> ''
    and entry.first_seen_at <= %(as_of)s
    and (%(gpus)s::text[] is null or gpu.slug = any(%(gpus)s))
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
group by provider.slug, gpu.slug, entry.rule
union all
select
    provider.slug as provider_slug,
    null as gpu_slug,
    'unknown_name' as rule,
    sum(unmapped.offers)::integer as offers_n,
    count(*)::integer as names_n
from cloudgpus.unmapped_gpu_names as unmapped
inner join cloudgpus.providers as provider on provider.id = unmapped.provider_id and provider.is_active
where unmapped.first_seen_at <= %(as_of)s
    and %(gpus)s::text[] is null
    and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
group by provider.slug
order by provider_slug, gpu_slug, rule;
