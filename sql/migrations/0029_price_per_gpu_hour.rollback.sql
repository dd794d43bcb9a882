drop function cloudgpus.prices_at(timestamptz);

create function cloudgpus.prices_at(as_of timestamptz) returns table (
    id uuid,
    provider_id uuid,
    provider_slug varchar,
    gpu_model_id uuid,
    gpu_slug varchar,
    instance_type varchar,
    instance_name varchar,
    region varchar,
    available_regions text[],
    gpu_count smallint,
    gpu_share numeric,
    price_basis text,
    currency varchar,
    price_per_hour numeric,
    price_per_gpu_hour numeric,
    price_per_hour_spot numeric,
    price_per_month numeric,
    price_per_hour_reserved_1y numeric,
    price_per_hour_reserved_3y numeric,
    original_price_per_hour numeric,
    original_price_per_hour_spot numeric,
    exchange_rate numeric,
    exchange_rate_date date,
    availability_status cloudgpus.availability_status,
    availability_stated boolean,
    vcpu_count smallint,
    ram_gb numeric,
    storage_gb integer,
    has_nvlink boolean,
    has_infiniband boolean,
    min_rental_hours smallint,
    billing_increment_seconds integer,
    price_includes jsonb,
    offers_merged integer,
    instance_url varchar,
    source_url varchar,
    last_confirmed_at timestamptz,
    freshness text,
    is_recorded boolean,
    is_ranked boolean,
    scrape_job_id uuid,
    pricing_type text,
    price_hour numeric,
    price_gpu_hour numeric
)
language sql
stable
as $$
    select
        offer.id,
        offer.provider_id,
        offer.provider_slug,
        offer.gpu_model_id,
        offer.gpu_slug,
        offer.instance_type,
        offer.instance_name,
        offer.region,
        offer.available_regions,
        offer.gpu_count,
        offer.gpu_share,
        offer.price_basis,
        offer.currency,
        offer.price_per_hour,
        offer.price_per_gpu_hour,
        offer.price_per_hour_spot,
        offer.price_per_month,
        offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y,
        offer.original_price_per_hour,
        offer.original_price_per_hour_spot,
        offer.exchange_rate,
        offer.exchange_rate_date,
        offer.availability_status,
        offer.availability_stated,
        offer.vcpu_count,
        offer.ram_gb,
        offer.storage_gb,
        offer.has_nvlink,
        offer.has_infiniband,
        offer.min_rental_hours,
        offer.billing_increment_seconds,
        offer.price_includes,
        offer.offers_merged,
        offer.instance_url,
        offer.source_url,
        offer.last_confirmed_at,
        offer.freshness,
        offer.is_recorded,
        offer.is_ranked,
        offer.scrape_job_id,
        price.pricing_type,
        price.hour,
        price.hour / (offer.gpu_count * offer.gpu_share)
    from cloudgpus.offers_at(as_of) as offer
    cross join lateral (
        values
            ('on_demand', offer.price_per_hour),
            ('spot', offer.price_per_hour_spot),
            ('monthly', offer.price_per_month / 730),
            ('reserved_1y', offer.price_per_hour_reserved_1y),
            ('reserved_3y', offer.price_per_hour_reserved_3y)
    ) as price (pricing_type, hour)
    where price.hour is not null
$$;

comment on function cloudgpus.prices_at(timestamptz) is
    'offers_at() with a row for each price an offer has: pricing_type, price_hour (US dollars per instance-hour; a month '
    'counts 730 hours) and price_gpu_hour (per GPU-hour, unrounded)';

revoke execute on function cloudgpus.prices_at(timestamptz) from public;

create or replace function cloudgpus.recompute_price_per_vram() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    update cloudgpus.instances
    set price_per_vram_gb_hour = price_per_hour / (gpu_count * gpu_share * new.vram_gb::numeric)
    where gpu_model_id = new.id;
    return null;
end $$;

create or replace function cloudgpus.compute_price_per_vram() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    -- As numeric: the memory of 256 GPUs of 186 GB does not fit a smallint.
    new.price_per_vram_gb_hour := (
        select new.price_per_hour / (new.gpu_count * new.gpu_share * gpu.vram_gb::numeric)
        from cloudgpus.gpu_models as gpu
        where gpu.id = new.gpu_model_id
    );
    return new;
end $$;

create or replace function cloudgpus.per_gpu(
    currency text,
    in_usd numeric,
    original numeric,
    gpu_count smallint,
    gpu_share numeric
) returns numeric
language sql
immutable
parallel safe
as $$
    select round(case when currency = 'USD' then in_usd else original end / (gpu_count * gpu_share), 6)
$$;

comment on function cloudgpus.per_gpu(text, numeric, numeric, smallint, numeric) is
    'An instance''s price, as charged in its currency, for one GPU';

alter table cloudgpus.price_history alter column price_per_gpu_hour type numeric(12,4);
comment on column cloudgpus.price_history.price_per_gpu_hour is null;

alter table cloudgpus.instances drop column price_per_gpu_hour;
alter table cloudgpus.instances add column price_per_gpu_hour numeric(12,4)
    generated always as (price_per_hour / nullif(gpu_count * gpu_share, 0)) stored;

comment on column cloudgpus.instances.price_per_gpu_hour is 'What prices are compared by: price_per_hour / (gpu_count * gpu_share)';

create index idx_instances_price on cloudgpus.instances (price_per_gpu_hour);
create index idx_instances_gpu_price on cloudgpus.instances (gpu_model_id, price_per_gpu_hour) where is_active = true;
create index idx_instances_provider_active on cloudgpus.instances (provider_id, is_active, price_per_gpu_hour)
    where is_active = true;
create index idx_instances_compare_query on cloudgpus.instances (gpu_model_id, provider_id, price_per_gpu_hour)
    where is_active = true;

do $$
declare
    reader text;
begin
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('grant select (price_per_gpu_hour) on cloudgpus.instances to %I', reader);
    end loop;
end $$;

drop function cloudgpus.price_per_gpu_hour(numeric, integer, numeric);
drop function cloudgpus.hours_per_month();

delete from cloudgpus.schema_migrations where id = '0029_price_per_gpu_hour';
