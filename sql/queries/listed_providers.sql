-- Every active provider, as lists need it.
-- params: none
-- row: ListedProviderRow
select
    provider.slug,
    figures.gpus_n,
    figures.offers_n
from providers as provider
inner join provider_figures as figures on figures.provider_id = provider.id
where provider.is_active
order by provider.slug;
