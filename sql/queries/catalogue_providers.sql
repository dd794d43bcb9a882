-- Every active provider with its facts, when its prices were last confirmed, and where they are from.
-- params: as_of (timestamptz)
-- row: ProviderRow (times UTC; last_confirmed_at null where no price is stored)
with confirmed as (
    select
        i.provider_id,
        max(c.last_confirmed_at) as last_confirmed_at,
        bool_and(i.is_recorded) as is_recorded
    from confirmations c
    join instances i on i.id = c.instance_id
    where i.is_active
      and c.last_confirmed_at <= %(as_of)s
    group by i.provider_id
),

evidence as (
    select distinct on (c.provider_id)
        c.provider_id,
        c.url,
        c.origin,
        c.origin_url
    from captures c
    join scrape_jobs j on j.id = c.scrape_job_id
    where j.status = 'completed'
      and c.fetched_at <= %(as_of)s
    order by c.provider_id, c.fetched_at desc, c.url
)

select
    p.id::text,
    p.slug,
    p.name,
    p.display_name,
    p.provider_type::text,
    p.headquarters_country,
    p.founded_year,
    p.website_url,
    p.pricing_url,
    p.docs_url,
    p.affiliate_url,
    p.has_public_api,
    p.supports_spot_instances,
    p.supports_reserved_instances,
    p.supports_bare_metal,
    p.min_billing_increment_seconds,
    p.description,
    coalesce(p.pros, '{}') as pros,
    coalesce(p.cons, '{}') as cons,
    coalesce(p.best_for, '{}') as best_for,
    p.source_class,
    confirmed.last_confirmed_at,
    coalesce(confirmed.is_recorded, false) as is_recorded,
    evidence.url as evidence_url,
    coalesce(evidence.origin, '') as origin,
    coalesce(evidence.origin_url, '') as origin_url
from providers p
left join confirmed on confirmed.provider_id = p.id
left join evidence on evidence.provider_id = p.id
where p.is_active
order by p.slug;
