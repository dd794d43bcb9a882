-- A price that can be had: what is known to be unavailable enters no floor, median, ranking or trend; a reseller's offer
-- does not vote beside that of the cloud behind it; and market figures are also made by segment.

create function cloudgpus.is_rentable(status cloudgpus.availability_status) returns boolean
language sql
immutable
parallel safe
return status in ('available', 'limited');

comment on function cloudgpus.is_rentable(cloudgpus.availability_status) is
    'Not known to be unavailable; where an answer does not state it, the status is stored as available';

create function cloudgpus.segment_of(kind cloudgpus.provider_type) returns text
language sql
immutable
parallel safe
return case
    when kind = 'hyperscaler' then 'hyperscaler'
    when kind in ('marketplace', 'depin') then 'marketplace'
    else 'cloud'
end;

comment on function cloudgpus.segment_of(cloudgpus.provider_type) is
    'The part of the market that a kind of provider belongs to: hyperscaler, cloud (GPU clouds, regional ones, bare metal) '
    'or marketplace (DePIN too)';

revoke execute on function
    cloudgpus.is_rentable(cloudgpus.availability_status),
    cloudgpus.segment_of(cloudgpus.provider_type)
from public;

drop function cloudgpus.prices_at(timestamptz);
drop function cloudgpus.offers_at(timestamptz);

create function cloudgpus.offers_at(as_of timestamptz) returns table (
    id uuid,
    provider_id uuid,
    provider_slug varchar,
    segment text,
    gpu_model_id uuid,
    gpu_slug varchar,
    instance_type varchar,
    instance_name varchar,
    region varchar,
    available_regions text[],
    gpu_count smallint,
    gpu_share numeric,
    size_stated boolean,
    upstream varchar,
    price_basis text,
    currency varchar,
    price_per_hour numeric,
    price_per_hour_spot numeric,
    price_per_month numeric,
    price_per_hour_reserved_1y numeric,
    price_per_hour_reserved_3y numeric,
    price_per_gpu_hour numeric,
    price_per_gpu_hour_spot numeric,
    price_per_gpu_hour_monthly numeric,
    price_per_gpu_hour_reserved_1y numeric,
    price_per_gpu_hour_reserved_3y numeric,
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
        cloudgpus.segment_of(provider.provider_type),
        offer.gpu_model_id,
        gpu.slug,
        offer.instance_type,
        offer.instance_name,
        offer.region,
        offer.available_regions,
        offer.gpu_count,
        offer.gpu_share,
        offer.size_stated,
        offer.upstream,
        offer.price_basis,
        offer.currency,
        offer.price_per_hour,
        offer.price_per_hour_spot,
        offer.price_per_month,
        offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y,
        offer.price_per_gpu_hour,
        cloudgpus.price_per_gpu_hour(offer.price_per_hour_spot, offer.gpu_count, offer.gpu_share),
        cloudgpus.price_per_gpu_hour(
            offer.price_per_month / cloudgpus.hours_per_month(), offer.gpu_count, offer.gpu_share
        ),
        cloudgpus.price_per_gpu_hour(offer.price_per_hour_reserved_1y, offer.gpu_count, offer.gpu_share),
        cloudgpus.price_per_gpu_hour(offer.price_per_hour_reserved_3y, offer.gpu_count, offer.gpu_share),
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
            and (cloudgpus.is_rentable(offer.availability_status) or not offer.availability_stated)
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
    'which may enter a floor, a median or a ranking: complete, fresh, and not known to be unavailable. A recording is '
    'fresh for 30 days, then aging, and ranks only where no live answer was ever stored';

create function cloudgpus.prices_at(as_of timestamptz) returns table (
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
            offer.is_ranked,
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

comment on function cloudgpus.prices_at(timestamptz) is
    'offers_at() with a row for each price an offer has: pricing_type, price_per_hour (US dollars per instance-hour) and '
    'price_per_gpu_hour. A reseller''s price does not rank beside that of the cloud itself';

revoke execute on function
    cloudgpus.offers_at(timestamptz),
    cloudgpus.prices_at(timestamptz)
from public;

-- Daily prices count the time for which an offer could be had. Three functions change by this one condition.
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
            '(segment\.is_active)(\s+and not segment\.is_recorded)',
            '\1 and cloudgpus.is_rentable(segment.availability_status)\2',
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

alter table cloudgpus.captures add column origin_url text;

comment on column cloudgpus.captures.origin_url is
    'Where one finds the collection that a recording''s figures come from; null for a live answer, and where none is known';

insert into cloudgpus.schema_migrations (id) values ('0030_rentable_prices');
