-- When each active provider's prices were last confirmed.
-- params: as_of (timestamptz)
-- row: ProviderConfirmation (UTC)
select
    provider.slug as provider_slug,
    max(confirmation.last_confirmed_at) as last_confirmed_at
from confirmations as confirmation
inner join instances as offer on offer.id = confirmation.instance_id and offer.is_active
inner join providers as provider on provider.id = offer.provider_id and provider.is_active
where confirmation.last_confirmed_at <= %(as_of)s
group by provider.slug
order by provider.slug;
