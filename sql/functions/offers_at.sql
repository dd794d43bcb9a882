create or replace function cloudgpus.offers_at(as_of timestamptz) returns table (
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
    availability_status cloudgpus.availability_status,
    has_nvlink boolean,
    has_infiniband boolean,
    source_url varchar,
    last_confirmed_at timestamptz,
    freshness text,
    is_recorded boolean,
    is_ranked boolean,
    disputed_as text[],
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
        offer.region,
        offer.available_regions,
        offer.gpu_count,
        offer.gpu_share,
        offer.upstream,
        price.on_demand,
        price.spot,
        price.monthly,
        price.reserved_1y,
        price.reserved_3y,
        case when price.on_demand is not null then offer.price_per_gpu_hour end,
        cloudgpus.price_per_gpu_hour(price.spot, offer.gpu_count, offer.gpu_share),
        cloudgpus.price_per_gpu_hour(price.monthly / cloudgpus.hours_per_month(), offer.gpu_count, offer.gpu_share),
        cloudgpus.price_per_gpu_hour(price.reserved_1y, offer.gpu_count, offer.gpu_share),
        cloudgpus.price_per_gpu_hour(price.reserved_3y, offer.gpu_count, offer.gpu_share),
        offer.availability_status,
        offer.has_nvlink,
        offer.has_infiniband,
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
                    where not live.is_recorded and live_confirmation.last_confirmed_at <= as_of
                )
            ),
        case
            when offer.id in (select disputed.instance_id from cloudgpus.disputed_at(as_of) as disputed)
                then array(
                    select disputed.pricing_type
                    from cloudgpus.disputed_at(as_of) as disputed
                    where disputed.instance_id = offer.id
                    order by disputed.pricing_type
                )
            else '{}'
        end,
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
    cross join lateral (
        select
            cloudgpus.price_until(offer.price_per_hour, offer.price_ends, 'price_per_hour', as_of) as on_demand,
            cloudgpus.price_until(offer.price_per_hour_spot, offer.price_ends, 'price_per_hour_spot', as_of) as spot,
            cloudgpus.price_until(offer.price_per_month, offer.price_ends, 'price_per_month', as_of) as monthly,
            cloudgpus.price_until(
                offer.price_per_hour_reserved_1y, offer.price_ends, 'price_per_hour_reserved_1y', as_of
            ) as reserved_1y,
            cloudgpus.price_until(
                offer.price_per_hour_reserved_3y, offer.price_ends, 'price_per_hour_reserved_3y', as_of
            ) as reserved_3y
    ) as price
    where offer.is_active and seen.last_confirmed_at <= as_of
        and (offer.is_recorded or seen.last_confirmed_at >= as_of - class.expires_after)
        and (
            offer.price_ends = '{}'
            or num_nonnulls(price.on_demand, price.spot, price.monthly, price.reserved_1y, price.reserved_3y) > 0
        )
$$;

comment on function cloudgpus.offers_at(timestamptz) is
    'The active offers that may be shown at as_of: fresh or aging by their source''s class, not expired, nor confirmed '
    'later than as_of. is_ranked: counts in floors, medians and rankings, being complete, fresh and not known to be '
    'unavailable. A recorded offer is fresh for 30 days, then aging, and ranks only where no live answer was stored by then. '
    'A price that has ended, as its provider stated, is null. disputed_as: the pricing types in which its price is disputed, '
    'and so does not count. An offer''s other columns are in instances';
