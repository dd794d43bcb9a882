-- Every offer that may be shown at an instant, by GPU, provider and instance type, cheapest region first.
-- params: as_of (timestamptz)
-- row: OfferRow (US dollars before tax; price_per_hour, spot and reserved: the whole instance and an hour)
select
    id::text,
    provider_slug,
    gpu_slug,
    instance_type,
    instance_name,
    region,
    coalesce(available_regions, '{}') as available_regions,
    gpu_count,
    gpu_share,
    price_basis,
    currency,
    price_per_hour,
    price_per_hour_spot,
    price_per_month,
    price_per_hour_reserved_1y,
    price_per_hour_reserved_3y,
    original_price_per_hour,
    original_price_per_hour_spot,
    availability_status::text,
    availability_stated,
    vcpu_count,
    ram_gb,
    has_infiniband,
    instance_url,
    source_url,
    last_confirmed_at,
    freshness,
    is_recorded,
    is_ranked
from offers_at(%(as_of)s)
order by gpu_slug, provider_slug, gpu_count, gpu_share, price_per_hour nulls last, price_per_hour_spot nulls last, instance_type, region;
