-- Where a stated price is held back, the one that stands is kept, if it is in the currency that is charged now.
-- params: provider_id (uuid)
-- row: none
update incoming_offers as incoming
set
    price_per_hour = case when 'price_per_hour' = any(incoming.kept_prices) then offer.price_per_hour else incoming.price_per_hour end,
    original_price_per_hour = case
        when 'price_per_hour' = any(incoming.kept_prices) then offer.original_price_per_hour
        else incoming.original_price_per_hour
    end,
    price_per_hour_spot = case when 'price_per_hour_spot' = any(incoming.kept_prices) then offer.price_per_hour_spot else incoming.price_per_hour_spot end,
    original_price_per_hour_spot = case
        when 'price_per_hour_spot' = any(incoming.kept_prices) then offer.original_price_per_hour_spot
        else incoming.original_price_per_hour_spot
    end,
    price_per_month = case when 'price_per_month' = any(incoming.kept_prices) then offer.price_per_month else incoming.price_per_month end,
    original_price_per_month = case
        when 'price_per_month' = any(incoming.kept_prices) then offer.original_price_per_month
        else incoming.original_price_per_month
    end,
    price_per_hour_reserved_1y = case when 'price_per_hour_reserved_1y' = any(incoming.kept_prices) then offer.price_per_hour_reserved_1y else incoming.price_per_hour_reserved_1y end,
    original_price_per_hour_reserved_1y = case
        when 'price_per_hour_reserved_1y' = any(incoming.kept_prices) then offer.original_price_per_hour_reserved_1y
        else incoming.original_price_per_hour_reserved_1y
    end,
    price_per_hour_reserved_3y = case when 'price_per_hour_reserved_3y' = any(incoming.kept_prices) then offer.price_per_hour_reserved_3y else incoming.price_per_hour_reserved_3y end,
    original_price_per_hour_reserved_3y = case
        when 'price_per_hour_reserved_3y' = any(incoming.kept_prices) then offer.original_price_per_hour_reserved_3y
        else incoming.original_price_per_hour_reserved_3y
    end
from cloudgpus.instances as offer
where offer.provider_id = %(provider_id)s
    and offer.instance_type = incoming.instance_type
    and offer.region = incoming.region
    and offer.currency = incoming.currency
    and offer.gpu_count = incoming.gpu_count
    and offer.is_active
    and incoming.kept_prices <> '{}';
