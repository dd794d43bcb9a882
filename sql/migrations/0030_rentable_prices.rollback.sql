alter table cloudgpus.captures drop column origin_url;

do $$
declare
    changed regprocedure;
begin
    foreach changed in array array[
        'cloudgpus.roll_up_closed_prices()',
        'cloudgpus.recompute_price_daily(uuid[], date[], date[])',
        'cloudgpus.price_day_parts(date, date, timestamptz)'
    ]::regprocedure[] loop
        execute regexp_replace(
            pg_get_functiondef(changed),
            ' and cloudgpus\.is_rentable\(segment\.availability_status\)',
            '',
            'g'
        );
    end loop;
end $$;

select
    cloudgpus.recompute_price_daily(
        array_agg(unavailable.instance_id),
        array_agg(unavailable.first),
        array_agg(unavailable.last)
    )
from (
    select
        instance_id,
        min(cloudgpus.utc_day(recorded_at)) as first,
        max(cloudgpus.utc_day(coalesce(valid_to, recorded_at))) as last
    from cloudgpus.price_history
    where is_active
        and not is_recorded
        and not cloudgpus.is_rentable(availability_status)
    group by instance_id
) as unavailable;

drop function cloudgpus.prices_at(timestamptz);
drop function cloudgpus.offers_at(timestamptz);

create function cloudgpus.offers_at(as_of timestamptz) returns table (
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
    scrape_job_id uuid
)
language sql
stable
as $$
    select
        offer.id,
        offer.provider_id,
        provider.slug,
        offer.gpu_model_id,
        gpu.slug,
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
        seen.last_confirmed_at,
        seen.freshness,
        offer.is_recorded,
        offer.price_basis = 'complete'
            and offer.gpu_share = 1
            and offer.availability_status in ('available', 'limited', 'sold_out')
            and seen.freshness = 'fresh'
            and provider.is_active
            and (
                provider.provider_type <> 'depin'
                or provider.sla_uptime_percent is null
                or provider.sla_uptime_percent >= 95
            )
            and not (
                offer.is_recorded
                and exists (
                    select
                    from cloudgpus.confirmations as live_confirmation
                    inner join cloudgpus.instances as live on live.id = live_confirmation.instance_id
                    where not live.is_recorded
                )
            ),
        coalesce(confirmation.scrape_job_id, offer.scrape_job_id)
    from cloudgpus.instances as offer
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
    cross join lateral (
        select
            coalesce(confirmation.last_confirmed_at, offer.last_scraped_at) as last_confirmed_at,
            case
                when coalesce(confirmation.last_confirmed_at, offer.last_scraped_at)
                    >= as_of - case when offer.is_recorded then interval '30 days' else class.fresh_for end
                then 'fresh'
                else 'aging'
            end as freshness
    ) as seen
    where offer.is_active
        and (offer.is_recorded or seen.last_confirmed_at >= as_of - class.expires_after)
$$;

comment on function cloudgpus.offers_at(timestamptz) is
    'The active offers that may be shown at as_of: fresh or aging by their source''s class, never expired; is_ranked says '
    'which may enter a floor, a median or a ranking. A recording is fresh for 30 days, then aging, and ranks only where '
    'no live answer was ever stored';

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

revoke execute on function
    cloudgpus.offers_at(timestamptz),
    cloudgpus.prices_at(timestamptz)
from public;

drop function cloudgpus.segment_of(cloudgpus.provider_type);
drop function cloudgpus.is_rentable(cloudgpus.availability_status);

delete from cloudgpus.schema_migrations where id = '0030_rentable_prices';
