-- The regions that offers are in, or can be had in, by provider.
-- params: none
-- row: OfferRegion (offers: how many are let there)
select
    provider.slug as provider,
    place.region,
    count(*) as offers
from instances offer
join providers provider on provider.id = offer.provider_id
cross join lateral (
    select offer.region
    union
    select unnest(offer.available_regions)
) as place
where offer.is_active
  and place.region <> ''
group by provider.slug, place.region
order by provider.slug, place.region;
