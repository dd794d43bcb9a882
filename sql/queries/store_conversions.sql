-- Brings the US dollar prices of offers charged in other currencies to the run's exchange rate: no change of a price.
-- params: provider_id (uuid)
-- row: none
update cloudgpus.instances as offer
set
    price_per_hour = incoming.price_per_hour,
    price_per_hour_spot = incoming.price_per_hour_spot,
    price_per_month = incoming.price_per_month,
    price_per_hour_reserved_1y = incoming.price_per_hour_reserved_1y,
    price_per_hour_reserved_3y = incoming.price_per_hour_reserved_3y,
    exchange_rate = incoming.exchange_rate,
    exchange_rate_date = incoming.exchange_rate_date
from incoming_offers as incoming
where offer.provider_id = %(provider_id)s
    and offer.instance_type = incoming.instance_type
    and offer.region = incoming.region
    and incoming.standing = 'converted'
    and not incoming.is_past;
