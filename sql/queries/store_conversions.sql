-- Convert the prices of offers charged in other currencies at the run's exchange rate; that is no price change.
-- params: none
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
from matched_offers as matched
inner join incoming_offers as incoming
    on incoming.instance_type = matched.instance_type
    and incoming.region = matched.region
where offer.id = matched.instance_id
    and matched.standing = 'converted'
    and not matched.is_past;
