-- Writes the offers that changed; their history follows by trigger.
-- params: job_id (uuid), observed_at (timestamptz), is_recorded (boolean), source_url (text)
-- row: none
update cloudgpus.instances as offer
set
    gpu_model_id = matched.gpu_model_id,
    instance_name = incoming.instance_name,
    gpu_count = incoming.gpu_count,
    gpu_share = incoming.gpu_share,
    price_per_hour = incoming.price_per_hour,
    price_per_hour_spot = incoming.price_per_hour_spot,
    price_per_month = incoming.price_per_month,
    price_per_hour_reserved_1y = incoming.price_per_hour_reserved_1y,
    price_per_hour_reserved_3y = incoming.price_per_hour_reserved_3y,
    price_includes = incoming.price_includes,
    price_basis = incoming.price_basis,
    size_stated = incoming.size_stated,
    upstream = incoming.upstream,
    currency = incoming.currency,
    original_price_per_hour = incoming.original_price_per_hour,
    original_price_per_hour_spot = incoming.original_price_per_hour_spot,
    original_price_per_month = incoming.original_price_per_month,
    original_price_per_hour_reserved_1y = incoming.original_price_per_hour_reserved_1y,
    original_price_per_hour_reserved_3y = incoming.original_price_per_hour_reserved_3y,
    exchange_rate = incoming.exchange_rate,
    exchange_rate_date = incoming.exchange_rate_date,
    vcpu_count = incoming.vcpu_count,
    ram_gb = incoming.ram_gb,
    storage_type = incoming.storage_type,
    storage_gb = incoming.storage_gb,
    network_bandwidth_gbps = incoming.network_bandwidth_gbps,
    has_nvlink = incoming.has_nvlink,
    has_infiniband = incoming.has_infiniband,
    infiniband_bandwidth_gbps = incoming.infiniband_bandwidth_gbps,
    availability_status = incoming.availability_status,
    availability_stated = incoming.availability_stated,
    available_regions = incoming.available_regions,
    min_rental_hours = incoming.min_rental_hours,
    billing_increment_seconds = incoming.billing_increment_seconds,
    instance_url = incoming.instance_url,
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
