create or replace function cloudgpus.prices_at(as_of timestamptz, gpus uuid[] default null) returns table (
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
    is_disputed boolean,
    pricing_type text,
    price_per_hour numeric,
    price_per_gpu_hour numeric
)
language sql
stable
as $$
    with stated as materialized (
        select
            offer.id,
            offer.provider_id,
            offer.provider_slug,
            offer.segment,
            offer.gpu_model_id,
            offer.gpu_slug,
            offer.instance_type,
            offer.region,
            offer.available_regions,
            offer.gpu_count,
            offer.gpu_share,
            offer.upstream,
            offer.availability_status,
            offer.has_nvlink,
            offer.has_infiniband,
            offer.source_url,
            offer.last_confirmed_at,
            offer.is_recorded,
            offer.is_ranked and price.pricing_type <> all (offer.disputed_as) as is_ranked,
            offer.is_ranked and price.pricing_type = any (offer.disputed_as) as is_disputed,
            price.pricing_type,
            price.per_hour,
            price.per_gpu_hour
        from cloudgpus.offers_at(as_of) as offer
        cross join lateral (
            values
                ('on_demand', offer.price_per_hour, offer.price_per_gpu_hour),
                ('spot', offer.price_per_hour_spot, offer.price_per_gpu_hour_spot),
                (
                    'monthly',
                    offer.price_per_month / cloudgpus.hours_per_month(),
                    offer.price_per_gpu_hour_monthly
                ),
                ('reserved_1y', offer.price_per_hour_reserved_1y, offer.price_per_gpu_hour_reserved_1y),
                ('reserved_3y', offer.price_per_hour_reserved_3y, offer.price_per_gpu_hour_reserved_3y)
        ) as price (pricing_type, per_hour, per_gpu_hour)
        where price.per_hour is not null
            and (gpus is null or offer.gpu_model_id = any(gpus))
    ),

    own as (
        select distinct provider_slug, gpu_model_id, pricing_type
        from stated
        where is_ranked
    )

    select
        stated.id,
        stated.provider_id,
        stated.provider_slug,
        stated.segment,
        stated.gpu_model_id,
        stated.gpu_slug,
        stated.instance_type,
        stated.region,
        stated.available_regions,
        stated.gpu_count,
        stated.gpu_share,
        stated.upstream,
        stated.availability_status,
        stated.has_nvlink,
        stated.has_infiniband,
        stated.source_url,
        stated.last_confirmed_at,
        stated.is_recorded,
        stated.is_ranked and own.provider_slug is null,
        stated.is_disputed,
        stated.pricing_type,
        stated.per_hour,
        stated.per_gpu_hour
    from stated
    left join own
        on own.provider_slug = stated.upstream
        and own.provider_slug <> stated.provider_slug
        and own.gpu_model_id = stated.gpu_model_id
        and own.pricing_type = stated.pricing_type
$$;

comment on function cloudgpus.prices_at(timestamptz, uuid[]) is
    'offers_at() of these GPUs (null: of all), with a row for each price of an offer: pricing_type, price_per_hour (US dollars per instance-hour) and '
    'price_per_gpu_hour. A reseller''s price is unranked where the cloud behind it has its own; is_disputed: it is unranked for being disputed alone';
