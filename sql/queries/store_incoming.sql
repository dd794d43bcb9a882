-- Make the table that a run's offers are copied into, with the types (and so the rounding) of instances, and the one that
-- matches them with what is stored.
-- params: none
-- row: none
drop table if exists pg_temp.incoming_offers, pg_temp.matched_offers;

create temporary table incoming_offers on commit drop as
select
    null::text as gpu_slug,
    instance_type,
    region,
    {terms},
    available_regions,
    price_per_hour,
    price_per_hour_spot,
    price_per_month,
    price_per_hour_reserved_1y,
    price_per_hour_reserved_3y,
    original_price_per_hour,
    original_price_per_hour_spot,
    original_price_per_month,
    original_price_per_hour_reserved_1y,
    original_price_per_hour_reserved_3y,
    exchange_rate,
    exchange_rate_date,
    price_includes,
    price_ends,
    raw_data,
    offers_merged,
    null::text[] as kept_prices
from cloudgpus.instances
with no data;

alter table incoming_offers add primary key (instance_type, region);

create temporary table matched_offers (
    instance_id uuid,
    instance_type varchar(100) not null,
    region varchar(60) not null,
    gpu_model_id uuid,
    standing text not null,
    is_past boolean not null,
    is_unwatched boolean not null
) on commit drop;
