-- The regions of active offers, by provider.
-- params: none
-- row: OfferRegion (offers: how many there are in the region)
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
