-- Insert observations older than what is stored into history, as if they had come in time.
--
-- One that agrees with the segment before it extends it; one that differs ends it and begins its own, which lasts until
-- the next segment, or, where that is too far off, for its own instant only.  One that contradicts a segment between two of
-- its confirmations is kept as an instant too.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz), is_recorded (boolean), source_class (text)
-- row: none
with observed as (
    select
        offer.id as instance_id,
        class.maximum_gap,
        incoming.instance_type,
        incoming.region,
        matched.gpu_model_id,
        incoming.availability_status,
        incoming.gpu_count,
        incoming.gpu_share,
        incoming.currency,
        cloudgpus.charged(
            incoming.currency,
            array[
                incoming.price_per_hour,
                incoming.price_per_hour_spot,
                incoming.price_per_month,
                incoming.price_per_hour_reserved_1y,
                incoming.price_per_hour_reserved_3y
            ],
            array[
                incoming.original_price_per_hour,
                incoming.original_price_per_hour_spot,
                incoming.original_price_per_month,
                incoming.original_price_per_hour_reserved_1y,
                incoming.original_price_per_hour_reserved_3y
            ]
        ) as charged
    from matched_offers as matched
    inner join incoming_offers as incoming
        on incoming.instance_type = matched.instance_type
        and incoming.region = matched.region
    inner join cloudgpus.instances as offer
        on offer.provider_id = %(provider_id)s
        and offer.instance_type = incoming.instance_type
        and offer.region = incoming.region
    inner join cloudgpus.source_classes as class on class.source_class = %(source_class)s
    where matched.is_past
),

placed as (
    select
        observed.instance_id,
        observed.instance_type,
        observed.region,
        observed.gpu_model_id,
        observed.maximum_gap,
        earlier.id as earlier_id,
        earlier.recorded_at as earlier_since,
        coalesce(earlier.last_confirmed_at, confirmation.last_confirmed_at) as earlier_confirmed_at,
        earlier.is_active
        and (
            earlier.valid_to is null
            or earlier.valid_to > %(observed_at)s
            or (
                earlier.valid_to = earlier.last_confirmed_at
                and earlier.last_confirmed_at >= %(observed_at)s::timestamptz - observed.maximum_gap
            )
        ) as earlier_reaches,
        coalesce(
            row(
                earlier.gpu_model_id,
                earlier.availability_status,
                earlier.gpu_count,
                earlier.gpu_share,
                earlier.currency
            ) = row(
                observed.gpu_model_id,
                observed.availability_status,
                observed.gpu_count,
                observed.gpu_share,
                observed.currency
            )
            and cloudgpus.charged(
                earlier.currency,
                array[
                    earlier.price_per_hour,
                    earlier.price_per_hour_spot,
                    earlier.price_per_month,
                    earlier.price_per_hour_reserved_1y,
                    earlier.price_per_hour_reserved_3y
                ],
                array[
                    earlier.original_price_per_hour,
                    earlier.original_price_per_hour_spot,
                    earlier.original_price_per_month,
                    earlier.original_price_per_hour_reserved_1y,
                    earlier.original_price_per_hour_reserved_3y
                ]
            ) is not distinct from observed.charged,
            false
        ) as agrees,
        later.recorded_at as later_since
    from observed
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = observed.instance_id
    left join lateral (
        select
            segment.id,
            segment.recorded_at,
            segment.valid_to,
            segment.last_confirmed_at,
            segment.is_active,
            segment.gpu_model_id,
            segment.availability_status,
            segment.gpu_count,
            segment.gpu_share,
            segment.currency,
            segment.price_per_hour,
            segment.price_per_hour_spot,
            segment.price_per_month,
            segment.price_per_hour_reserved_1y,
            segment.price_per_hour_reserved_3y,
            segment.original_price_per_hour,
            segment.original_price_per_hour_spot,
            segment.original_price_per_month,
            segment.original_price_per_hour_reserved_1y,
            segment.original_price_per_hour_reserved_3y
        from cloudgpus.price_history as segment
        where segment.instance_id = observed.instance_id
            and segment.is_recorded = %(is_recorded)s
            and segment.recorded_at <= %(observed_at)s
        order by
            coalesce(segment.valid_to, 'infinity') > %(observed_at)s desc,
            segment.recorded_at desc,
            segment.valid_to desc nulls first
        limit 1
    ) as earlier on true
    left join lateral (
        select segment.recorded_at
        from cloudgpus.price_history as segment
        where segment.instance_id = observed.instance_id
            and segment.is_recorded = %(is_recorded)s
            and segment.recorded_at > %(observed_at)s
        order by segment.recorded_at
        limit 1
    ) as later on true
),

fitted as (
    select
        instance_id,
        instance_type,
        region,
        gpu_model_id,
        earlier_id,
        earlier_since,
        coalesce(earlier_reaches, false) as earlier_reaches,
        agrees,
        coalesce(earlier_reaches and earlier_confirmed_at >= %(observed_at)s, false) as is_amidst,
        case
            when earlier_reaches and earlier_confirmed_at >= %(observed_at)s then %(observed_at)s
            when later_since <= %(observed_at)s::timestamptz + maximum_gap then later_since
            else %(observed_at)s
        end as stands_to
    from placed
),

adjusted as (
    update cloudgpus.price_history as segment
    set
        valid_to = case when fitted.agrees then fitted.stands_to else %(observed_at)s end,
        last_confirmed_at = case when fitted.agrees then %(observed_at)s else segment.last_confirmed_at end
    from fitted
    where segment.instance_id = fitted.instance_id
        and segment.id = fitted.earlier_id
        and segment.recorded_at = fitted.earlier_since
        and fitted.earlier_reaches
        and not fitted.is_amidst
)

insert into cloudgpus.price_history (
    instance_id,
    provider_id,
    gpu_model_id,
    price_per_hour,
    price_per_gpu_hour,
    price_per_hour_spot,
    price_per_month,
    price_per_hour_reserved_1y,
    price_per_hour_reserved_3y,
    availability_status,
    gpu_count,
    gpu_share,
    currency,
    original_price_per_hour,
    original_price_per_hour_spot,
    original_price_per_month,
    original_price_per_hour_reserved_1y,
    original_price_per_hour_reserved_3y,
    price_ends,
    is_recorded,
    recorded_at,
    valid_to,
    last_confirmed_at,
    scrape_job_id
)
select
    fitted.instance_id,
    %(provider_id)s,
    fitted.gpu_model_id,
    incoming.price_per_hour,
    cloudgpus.price_per_gpu_hour(incoming.price_per_hour, incoming.gpu_count, incoming.gpu_share),
    incoming.price_per_hour_spot,
    incoming.price_per_month,
    incoming.price_per_hour_reserved_1y,
    incoming.price_per_hour_reserved_3y,
    incoming.availability_status,
    incoming.gpu_count,
    incoming.gpu_share,
    incoming.currency,
    case when incoming.currency <> 'USD' then incoming.original_price_per_hour end,
    case when incoming.currency <> 'USD' then incoming.original_price_per_hour_spot end,
    case when incoming.currency <> 'USD' then incoming.original_price_per_month end,
    case when incoming.currency <> 'USD' then incoming.original_price_per_hour_reserved_1y end,
    case when incoming.currency <> 'USD' then incoming.original_price_per_hour_reserved_3y end,
    incoming.price_ends,
    %(is_recorded)s,
    %(observed_at)s,
    fitted.stands_to,
    %(observed_at)s,
    %(job_id)s
from fitted
inner join incoming_offers as incoming
    on incoming.instance_type = fitted.instance_type
    and incoming.region = fitted.region
where not (fitted.agrees and fitted.earlier_reaches);
