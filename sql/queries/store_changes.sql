-- Update the offers that changed; triggers write their history.
-- params: job_id (uuid), observed_at (timestamptz), is_recorded (boolean), source_url (text)
-- row: none
update cloudgpus.instances as offer
set
    gpu_model_id = matched.gpu_model_id,
    ({terms}) = row({incoming.terms}),
    price_per_hour = incoming.price_per_hour,
    price_per_hour_spot = incoming.price_per_hour_spot,
    price_per_month = incoming.price_per_month,
    price_per_hour_reserved_1y = incoming.price_per_hour_reserved_1y,
    price_per_hour_reserved_3y = incoming.price_per_hour_reserved_3y,
    price_includes = incoming.price_includes,
    price_ends = incoming.price_ends,
    original_price_per_hour = incoming.original_price_per_hour,
    original_price_per_hour_spot = incoming.original_price_per_hour_spot,
    original_price_per_month = incoming.original_price_per_month,
    original_price_per_hour_reserved_1y = incoming.original_price_per_hour_reserved_1y,
    original_price_per_hour_reserved_3y = incoming.original_price_per_hour_reserved_3y,
    exchange_rate = incoming.exchange_rate,
    exchange_rate_date = incoming.exchange_rate_date,
    available_regions = incoming.available_regions,
    offers_merged = incoming.offers_merged,
    raw_data = incoming.raw_data,
    source_url = left(%(source_url)s::text, 2000),
    last_scraped_at = %(observed_at)s,
    scrape_job_id = %(job_id)s,
    is_recorded = %(is_recorded)s,
    is_active = true
from matched_offers as matched
inner join incoming_offers as incoming
    on incoming.instance_type = matched.instance_type
    and incoming.region = matched.region
where offer.id = matched.instance_id
    and matched.standing = 'changed'
    and not matched.is_past;
