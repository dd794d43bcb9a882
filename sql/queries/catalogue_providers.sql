-- Active providers with their facts, the day on which their prices were last confirmed, and where they are from.
-- params: slugs (text[]; null for all)
-- row: ProviderRow (last_confirmed_at: the start of that day, null where no price is stored)
select
    provider.id::text,
    provider.slug,
    provider.name,
    provider.display_name,
    provider.provider_type::text,
    provider.headquarters_country,
    provider.founded_year,
    provider.website_url,
    provider.pricing_url,
    provider.docs_url,
    provider.affiliate_url,
    provider.has_public_api,
    provider.supports_spot_instances,
    provider.supports_reserved_instances,
    provider.supports_bare_metal,
    provider.min_billing_increment_seconds,
    provider.description,
    coalesce(provider.pros, '{}') as pros,
    coalesce(provider.cons, '{}') as cons,
    coalesce(provider.best_for, '{}') as best_for,
    provider.source_class,
    figures.confirmed_on::timestamp at time zone 'UTC' as last_confirmed_at,
    figures.is_recorded,
    figures.evidence_url,
    figures.origin,
    figures.origin_url
from providers as provider
inner join provider_figures as figures on figures.provider_id = provider.id
where provider.is_active
    and (%(slugs)s::text[] is null or provider.slug = any(%(slugs)s))
order by provider.slug;
