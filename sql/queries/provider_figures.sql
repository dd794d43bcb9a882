-- What these active providers show; as settled last.
-- params: slugs (text[]; null for all)
-- row: ProviderFiguresRow
select
    provider.slug as provider_slug,
    figures.offers_n,
    figures.gpus_n,
    figures.fresh_gpus_n,
    figures.regions_n,
    figures.has_spot,
    figures.has_reserved,
    figures.has_infiniband
from provider_figures as figures
inner join providers as provider on provider.id = figures.provider_id
where provider.is_active
    and (%(slugs)s::text[] is null or provider.slug = any(%(slugs)s));
