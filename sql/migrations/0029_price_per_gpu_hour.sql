-- One price per GPU-hour: one expression for everything after storing, unrounded; pages round it when they show it.
--
-- scrapers/per_gpu.py is its equal for what comes before.

create function cloudgpus.hours_per_month() returns integer
language sql
immutable
parallel safe
return 730;

comment on function cloudgpus.hours_per_month() is 'What a price per month is divided by';

-- Its operators are looked up here and now, not on the path of whoever stores an offer.
create function cloudgpus.price_per_gpu_hour(price numeric, gpu_count integer, gpu_share numeric) returns numeric
language sql
immutable
parallel safe
return trim_scale(price / nullif(gpu_count * gpu_share, 0));

comment on function cloudgpus.price_per_gpu_hour(numeric, integer, numeric) is
    'An instance''s price per hour for one whole GPU of it, unrounded (16 digits at least)';

revoke execute on function
    cloudgpus.hours_per_month(),
    cloudgpus.price_per_gpu_hour(numeric, integer, numeric)
from public;

alter table cloudgpus.instances drop column price_per_gpu_hour;
alter table cloudgpus.instances add column price_per_gpu_hour numeric
    generated always as (cloudgpus.price_per_gpu_hour(price_per_hour, gpu_count, gpu_share)) stored;

comment on column cloudgpus.instances.price_per_gpu_hour is
    'What prices are compared by: price_per_hour / (gpu_count * gpu_share), unrounded';

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

-- The daily prices of history depend on amounts and counts, none of which move here.
alter table cloudgpus.price_history alter column price_per_gpu_hour type numeric;
alter table cloudgpus.price_history disable trigger roll_up_price_history;
update cloudgpus.price_history
set price_per_gpu_hour = cloudgpus.price_per_gpu_hour(price_per_hour, gpu_count, gpu_share)
where price_per_gpu_hour <> cloudgpus.price_per_gpu_hour(price_per_hour, gpu_count, gpu_share);
alter table cloudgpus.price_history enable trigger roll_up_price_history;

comment on column cloudgpus.price_history.price_per_gpu_hour is 'price_per_hour / (gpu_count * gpu_share), unrounded';

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
    select
        round(
            cloudgpus.price_per_gpu_hour(
                case when currency = 'USD' then in_usd else original end, gpu_count, gpu_share
            ),
            6
        )
$$;

comment on function cloudgpus.per_gpu(text, numeric, numeric, smallint, numeric) is
    'price_per_gpu_hour() as charged in its currency, to the six places that daily prices are kept with';

create or replace function cloudgpus.compute_price_per_vram() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    new.price_per_vram_gb_hour := (
        select cloudgpus.price_per_gpu_hour(new.price_per_hour, new.gpu_count, new.gpu_share) / gpu.vram_gb
        from cloudgpus.gpu_models as gpu
        where gpu.id = new.gpu_model_id
    );
    return new;
end $$;

create or replace function cloudgpus.recompute_price_per_vram() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    update cloudgpus.instances
    set price_per_vram_gb_hour = price_per_gpu_hour / new.vram_gb
    where gpu_model_id = new.id;
    return null;
end $$;

drop function cloudgpus.prices_at(timestamptz);

create function cloudgpus.prices_at(as_of timestamptz) returns table (
    id uuid,
    provider_id uuid,
    provider_slug varchar,
    gpu_model_id uuid,
    gpu_slug varchar,
    instance_type varchar,
    region varchar,
    available_regions text[],
    gpu_count smallint,
    gpu_share numeric,
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
    select
        offer.id,
        offer.provider_id,
        offer.provider_slug,
        offer.gpu_model_id,
        offer.gpu_slug,
        offer.instance_type,
        offer.region,
        offer.available_regions,
        offer.gpu_count,
        offer.gpu_share,
        offer.availability_status,
        offer.has_nvlink,
        offer.has_infiniband,
        offer.source_url,
        offer.last_confirmed_at,
        offer.is_recorded,
        offer.is_ranked,
        price.pricing_type,
        price.hour,
        cloudgpus.price_per_gpu_hour(price.hour, offer.gpu_count, offer.gpu_share)
    from cloudgpus.offers_at(as_of) as offer
    cross join lateral (
        values
            ('on_demand', offer.price_per_hour),
            ('spot', offer.price_per_hour_spot),
            ('monthly', offer.price_per_month / cloudgpus.hours_per_month()),
            ('reserved_1y', offer.price_per_hour_reserved_1y),
            ('reserved_3y', offer.price_per_hour_reserved_3y)
    ) as price (pricing_type, hour)
    where price.hour is not null
$$;

comment on function cloudgpus.prices_at(timestamptz) is
    'offers_at() with a row for each price an offer has: pricing_type, price_per_hour (US dollars per instance-hour) and '
    'price_per_gpu_hour';

revoke execute on function cloudgpus.prices_at(timestamptz) from public;

insert into cloudgpus.schema_migrations (id) values ('0029_price_per_gpu_hour');
