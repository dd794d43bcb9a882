-- Take in a provider's offers.
-- params: none
-- row: none
copy incoming (
    gpu_slug,
    instance_type,
    instance_name,
    gpu_count,
    price_per_hour,
    price_per_hour_spot,
    price_per_month,
    price_per_hour_reserved_1y,
    price_per_hour_reserved_3y,
    price_includes,
    currency,
    vcpu_count,
    ram_gb,
    storage_type,
    storage_gb,
    network_bandwidth_gbps,
    has_nvlink,
    has_infiniband,
    infiniband_bandwidth_gbps,
    availability_status,
    available_regions,
    min_rental_hours,
    billing_increment_seconds,
    instance_url,
    raw_data
) from stdin;
