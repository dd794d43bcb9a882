-- The prices that stand for a provider's offers, per GPU.
-- params: provider (text: slug), is_recorded (boolean)
-- row: _Standing (US dollars per GPU-hour)
select
    offer.instance_type,
    offer.region,
    offer.price_per_hour / gpus.n as price_per_hour,
    offer.price_per_hour_spot / gpus.n as price_per_hour_spot,
    offer.price_per_month / (gpus.n * 730) as price_per_month,
    offer.price_per_hour_reserved_1y / gpus.n as price_per_hour_reserved_1y,
    offer.price_per_hour_reserved_3y / gpus.n as price_per_hour_reserved_3y
from cloudgpus.instances as offer
inner join cloudgpus.providers as provider on provider.id = offer.provider_id
cross join lateral (select offer.gpu_count * offer.gpu_share as n) as gpus
where provider.slug = %(provider)s
    and offer.is_active
    and offer.is_recorded = %(is_recorded)s;
