-- Insert the new offers; triggers write their history.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz), is_recorded (boolean), source_url (text)
-- row: none
insert into cloudgpus.instances (
    provider_id,
    gpu_model_id,
    instance_type,
    region,
    {terms},
    price_per_hour,
    price_per_hour_spot,
    price_per_month,
    price_per_hour_reserved_1y,
    price_per_hour_reserved_3y,
    price_includes,
    price_ends,
    original_price_per_hour,
    original_price_per_hour_spot,
    original_price_per_month,
    original_price_per_hour_reserved_1y,
    original_price_per_hour_reserved_3y,
    exchange_rate,
    exchange_rate_date,
    available_regions,
    offers_merged,
    raw_data,
    source_url,
    last_scraped_at,
    scrape_job_id,
    is_recorded,
    is_active
)
select
    %(provider_id)s,
    matched.gpu_model_id,
    incoming.instance_type,
    incoming.region,
    {incoming.terms},
    incoming.price_per_hour,
    incoming.price_per_hour_spot,
    incoming.price_per_month,
    incoming.price_per_hour_reserved_1y,
    incoming.price_per_hour_reserved_3y,
    incoming.price_includes,
    incoming.price_ends,
    incoming.original_price_per_hour,
    incoming.original_price_per_hour_spot,
    incoming.original_price_per_month,
    incoming.original_price_per_hour_reserved_1y,
    incoming.original_price_per_hour_reserved_3y,
    incoming.exchange_rate,
    incoming.exchange_rate_date,
    incoming.available_regions,
    incoming.offers_merged,
    incoming.raw_data,
    left(%(source_url)s::text, 2000),
    %(observed_at)s,
    %(job_id)s,
    %(is_recorded)s,
    not matched.is_past
from matched_offers as matched
inner join incoming_offers as incoming
    on incoming.instance_type = matched.instance_type
    and incoming.region = matched.region
where matched.standing = 'new'
order by
    incoming.instance_type,
    incoming.region;
