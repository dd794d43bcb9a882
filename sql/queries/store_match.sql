-- Compare each incoming offer with the stored one of the same key, and count the results.
--
-- standing: new; changed; converted (only the exchange rate changed); same; ignored (a recording where a live answer is
-- stored).  is_past: something newer is stored, so the observation goes to history only.  is_unwatched: it was not
-- confirmed for longer than its source's maximum gap.  raw_data is not compared: what else an answer says is no change.
-- params: provider_id (uuid), observed_at (timestamptz), is_recorded (boolean), source_class (text)
-- row: _Counts (absent: stored and active, and not incoming; unwatched_stored: whether any active offer is unwatched)
with stored as (
    select
        max(confirmation.last_confirmed_at) filter (where %(is_recorded)s or not offer.is_recorded) as newest_at,
        min(confirmation.last_confirmed_at) filter (where offer.is_active) as unseen_since,
        count(*) filter (where offer.is_active) as active
    from cloudgpus.instances as offer
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
    where offer.provider_id = %(provider_id)s
),

matched as (
    select
        offer.id as instance_id,
        incoming.instance_type,
        incoming.region,
        gpu.id as gpu_model_id,
        case
            when offer.id is null then 'new'
            when %(is_recorded)s and not offer.is_recorded then 'ignored'
            when
                not offer.is_active
                or offer.is_recorded <> %(is_recorded)s
                or row(
                    offer.gpu_model_id,
                    offer.available_regions,
                    {offer.terms},
                    offer.price_includes,
                    offer.price_ends,
                    offer.offers_merged
                ) is distinct from row(
                    gpu.id,
                    incoming.available_regions,
                    {incoming.terms},
                    incoming.price_includes,
                    incoming.price_ends,
                    incoming.offers_merged
                )
                or (
                    incoming.currency = 'USD'
                    and row(
                        offer.price_per_hour,
                        offer.price_per_hour_spot,
                        offer.price_per_month,
                        offer.price_per_hour_reserved_1y,
                        offer.price_per_hour_reserved_3y
                    ) is distinct from row(
                        incoming.price_per_hour,
                        incoming.price_per_hour_spot,
                        incoming.price_per_month,
                        incoming.price_per_hour_reserved_1y,
                        incoming.price_per_hour_reserved_3y
                    )
                )
                or (
                    incoming.currency <> 'USD'
                    and row(
                        offer.original_price_per_hour,
                        offer.original_price_per_hour_spot,
                        offer.original_price_per_month,
                        offer.original_price_per_hour_reserved_1y,
                        offer.original_price_per_hour_reserved_3y
                    ) is distinct from row(
                        incoming.original_price_per_hour,
                        incoming.original_price_per_hour_spot,
                        incoming.original_price_per_month,
                        incoming.original_price_per_hour_reserved_1y,
                        incoming.original_price_per_hour_reserved_3y
                    )
                )
            then 'changed'
            when
                incoming.currency <> 'USD'
                and row(offer.exchange_rate, offer.exchange_rate_date)
                is distinct from row(incoming.exchange_rate, incoming.exchange_rate_date)
            then 'converted'
            else 'same'
        end as standing,
        case
            when offer.id is null then coalesce(%(observed_at)s < stored.newest_at, false)
            when offer.is_recorded and not %(is_recorded)s then false
            else %(observed_at)s < greatest(confirmation.last_confirmed_at, offer.last_scraped_at)
        end as is_past,
        coalesce(
            confirmation.last_confirmed_at < %(observed_at)s::timestamptz - class.maximum_gap,
            false
        ) as is_unwatched,
        coalesce(offer.is_active, false) as was_active,
        confirmation.instance_id is null as is_unconfirmed
    from incoming_offers as incoming
    cross join stored
    inner join cloudgpus.source_classes as class on class.source_class = %(source_class)s
    left join cloudgpus.gpu_models as gpu on gpu.slug = incoming.gpu_slug
    left join cloudgpus.instances as offer
        on offer.provider_id = %(provider_id)s
        and offer.instance_type = incoming.instance_type
        and offer.region = incoming.region
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
),

written as (
    insert into matched_offers (
        instance_id,
        instance_type,
        region,
        gpu_model_id,
        standing,
        is_past,
        is_unwatched
    )
    select
        instance_id,
        instance_type,
        region,
        gpu_model_id,
        standing,
        is_past,
        is_unwatched
    from matched
)

select
    count(*) filter (where standing = 'new') as created,
    count(*) filter (where standing = 'changed' and not is_past) as updated,
    count(*) filter (where standing <> 'new' and (standing <> 'changed' or is_past)) as unchanged,
    count(*) filter (where standing = 'converted' and not is_past) as converted,
    count(*) filter (where is_unwatched) as unwatched,
    count(*) filter (where is_past) as past,
    count(*) filter (where is_unconfirmed) as unconfirmed,
    count(*) filter (where gpu_model_id is null) as unknown,
    (select active from stored) - count(*) filter (where was_active) as absent,
    coalesce(
        (
            select stored.unseen_since < %(observed_at)s::timestamptz - class.maximum_gap
            from stored
            inner join cloudgpus.source_classes as class on class.source_class = %(source_class)s
        ),
        false
    ) as unwatched_stored
from matched;
