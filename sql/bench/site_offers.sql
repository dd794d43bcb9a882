-- Insert the offers of the made-up providers, seen first at `since` and confirmed at as_of: the sellers of a GPU are the
-- providers at fixed distances from its own number, and some of them sell nodes of eight of it, too.
-- params: members (integer), distances (integer[]), since (timestamptz), as_of (timestamptz)
-- row: none
with sold as (
    select
        gpu.number as gpu,
        (gpu.number + distance) %% %(members)s::integer as provider,
        machine.gpu_count,
        machine.region,
        round(
            (0.5 + gpu.number * 7919 %% 701 / 100.0) -- the GPU's own level
            * (0.85 + (gpu.number * 31 + distance * 17) %% 97 / 100.0) -- the provider's beside it
            * machine.gpu_count * machine.factor,
            4
        ) as price
    from generate_series(0, %(members)s::integer - 1) as gpu (number)
    cross join unnest(%(distances)s::integer[]) as distance
    cross join (
        values
            (1, 'us-east-1', 1.0),
            (8, 'eu-central-1', 0.97)
    ) as machine (gpu_count, region, factor)
    where machine.gpu_count = 1 or (gpu.number + distance) %% 4 = 0
),

made as (
    insert into cloudgpus.instances (
        id,
        provider_id,
        gpu_model_id,
        instance_type,
        region,
        gpu_count,
        price_per_hour,
        price_per_hour_spot,
        price_per_month,
        price_per_hour_reserved_1y,
        vcpu_count,
        ram_gb,
        storage_type,
        storage_gb,
        has_nvlink,
        has_infiniband,
        availability_status,
        availability_stated,
        instance_url,
        source_url,
        raw_data,
        last_scraped_at,
        scrape_job_id
    )
    select
        md5(concat_ws(' ', 'offer', gpu, provider, gpu_count))::uuid,
        md5('provider ' || provider)::uuid,
        md5('gpu ' || gpu)::uuid,
        'gpu.' || gpu || '.' || gpu_count || 'x',
        region,
        gpu_count,
        price,
        case when provider %% 6 = 0 then round(price * 0.55, 4) end,
        case when provider %% 8 = 1 then round(price * 600, 2) end,
        case when provider %% 8 = 2 then round(price * 0.7, 4) end,
        gpu_count * 16,
        gpu_count * 128,
        'NVMe',
        gpu_count * 500,
        gpu_count = 8,
        gpu_count = 8 and provider %% 2 = 0,
        case
            when gpu_count = 8 and (gpu + provider) %% 17 = 0 then 'sold_out'
            when (gpu + provider) %% 11 = 0 then 'limited'
            else 'available'
        end::cloudgpus.availability_status,
        provider %% 6 = 1,
        'https://provider-' || provider || '.example/rent/gpu.' || gpu || '.' || gpu_count || 'x',
        'https://provider-' || provider || '.example/api/v1/prices',
        jsonb_build_object('type', 'gpu.' || gpu || '.' || gpu_count || 'x', 'region', region, 'hourly', price),
        %(since)s,
        md5('job ' || provider)::uuid
    from sold
    returning id, scrape_job_id
)

insert into cloudgpus.confirmations (instance_id, last_confirmed_at, scrape_job_id)
select
    id,
    %(as_of)s,
    scrape_job_id
from made;
