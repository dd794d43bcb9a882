create or replace function cloudgpus.prices_at(as_of timestamptz) returns table (
    id uuid,
    provider_id uuid,
    provider_slug varchar,
    segment text,
    gpu_model_id uuid,
    gpu_slug varchar,
    instance_type varchar,
    region varchar,
    available_regions text[],
    gpu_count smallint,
    gpu_share numeric,
    upstream varchar,
    availability_status cloudgpus.availability_status,
    has_nvlink boolean,
    has_infiniband boolean,
    source_url varchar,
    last_confirmed_at timestamptz,
    is_recorded boolean,
    is_ranked boolean,
    pricing_type text,
    price_per_hour numeric,
    price_per_gpu_hour numeric
)
language sql
stable
as $$
    select * from cloudgpus.prices_of(as_of, null)
$$;

comment on function cloudgpus.prices_at(timestamptz) is 'prices_of() of all GPUs';
