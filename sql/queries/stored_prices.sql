-- The stored prices of a provider's offers, per GPU.
-- params: provider (text: slug), is_recorded (boolean)
-- row: _StoredOffer (US dollars per GPU-hour)
select
    offer.instance_type,
    offer.region,
    offer.price_per_gpu_hour,
    cloudgpus.price_per_gpu_hour(offer.price_per_hour_spot, offer.gpu_count, offer.gpu_share) as price_per_gpu_hour_spot,
    cloudgpus.price_per_gpu_hour(
        offer.price_per_month / cloudgpus.hours_per_month(), offer.gpu_count, offer.gpu_share
    ) as price_per_gpu_hour_monthly,
    cloudgpus.price_per_gpu_hour(offer.price_per_hour_reserved_1y, offer.gpu_count, offer.gpu_share) as price_per_gpu_hour_reserved_1y,
    cloudgpus.price_per_gpu_hour(offer.price_per_hour_reserved_3y, offer.gpu_count, offer.gpu_share) as price_per_gpu_hour_reserved_3y
from cloudgpus.instances as offer
inner join cloudgpus.providers as provider on provider.id = offer.provider_id
where provider.slug = %(provider)s
    and offer.is_active
    and offer.is_recorded = %(is_recorded)s;
