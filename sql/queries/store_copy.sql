-- Take in a run's offers, in the order of a NormalisedOffer's fields.
-- params: none
-- row: none
copy incoming_offers (
    {terms},
    gpu_slug,
    instance_type,
    region,
    available_regions,
    price_per_hour,
    price_per_hour_spot,
    price_per_month,
    price_per_hour_reserved_1y,
    price_per_hour_reserved_3y,
    original_price_per_hour,
    original_price_per_hour_spot,
    original_price_per_month,
    original_price_per_hour_reserved_1y,
    original_price_per_hour_reserved_3y,
    exchange_rate,
    exchange_rate_date,
    price_includes,
    price_ends,
    raw_data,
    offers_merged,
    kept_prices
) from stdin;
