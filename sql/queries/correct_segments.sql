-- Corrects the history that an answer gave rise to, where the answer is read anew: the prices that stood at its time.
--
-- What the answer no longer has, and has nowhere else to come from, never stood.  Its offers are in incoming_offers
-- and matched_offers.
-- params: provider_id (uuid), observed_at (timestamptz), is_recorded (boolean), types, regions (text[]: offers of the answer that are not stored)
-- row: none
with covering as (
    select
        segment.instance_id,
        segment.recorded_at,
        segment.id,
        offer.instance_type,
        offer.region
    from cloudgpus.price_history as segment
    inner join cloudgpus.instances as offer on offer.id = segment.instance_id
    where offer.provider_id = %(provider_id)s
        and segment.provider_id = %(provider_id)s
        and segment.is_active
        and segment.is_recorded = %(is_recorded)s
        and segment.recorded_at <= %(observed_at)s
        and (
            segment.valid_to is null
            or segment.valid_to > %(observed_at)s
            or segment.last_confirmed_at = %(observed_at)s
        )
),

never_stood as (
    delete from cloudgpus.price_history as segment
    using covering
    where segment.instance_id = covering.instance_id
        and segment.recorded_at = covering.recorded_at
        and segment.id = covering.id
        and covering.recorded_at = %(observed_at)s
        and not exists (
            select
            from incoming_offers as incoming
            where incoming.instance_type = covering.instance_type
                and incoming.region = covering.region
        )
        and not exists (
            select
            from unnest(%(types)s::text[], %(regions)s::text[]) as present (instance_type, region)
            where present.instance_type = covering.instance_type
                and present.region = covering.region
        )
)

update cloudgpus.price_history as segment
set
    gpu_model_id = matched.gpu_model_id,
    price_per_hour = incoming.price_per_hour,
    price_per_gpu_hour = cloudgpus.price_per_gpu_hour(incoming.price_per_hour, incoming.gpu_count, incoming.gpu_share),
    price_per_hour_spot = incoming.price_per_hour_spot,
    price_per_month = incoming.price_per_month,
    price_per_hour_reserved_1y = incoming.price_per_hour_reserved_1y,
    price_per_hour_reserved_3y = incoming.price_per_hour_reserved_3y,
    availability_status = incoming.availability_status,
    gpu_count = incoming.gpu_count,
    gpu_share = incoming.gpu_share,
    currency = incoming.currency,
    original_price_per_hour = case when incoming.currency <> 'USD' then incoming.original_price_per_hour end,
    original_price_per_hour_spot = case when incoming.currency <> 'USD' then incoming.original_price_per_hour_spot end,
    original_price_per_month = case when incoming.currency <> 'USD' then incoming.original_price_per_month end,
    original_price_per_hour_reserved_1y
    = case when incoming.currency <> 'USD' then incoming.original_price_per_hour_reserved_1y end,
    original_price_per_hour_reserved_3y
    = case when incoming.currency <> 'USD' then incoming.original_price_per_hour_reserved_3y end
from covering
inner join incoming_offers as incoming
    on incoming.instance_type = covering.instance_type
    and incoming.region = covering.region
inner join matched_offers as matched
    on matched.instance_type = covering.instance_type
    and matched.region = covering.region
where segment.instance_id = covering.instance_id
    and segment.recorded_at = covering.recorded_at
    and segment.id = covering.id
    and row(
        segment.gpu_model_id,
        segment.availability_status,
        segment.gpu_count,
        segment.gpu_share,
        segment.currency,
        cloudgpus.charged(
            segment.currency,
            array[
                segment.price_per_hour,
                segment.price_per_hour_spot,
                segment.price_per_month,
                segment.price_per_hour_reserved_1y,
                segment.price_per_hour_reserved_3y
            ],
            array[
                segment.original_price_per_hour,
                segment.original_price_per_hour_spot,
                segment.original_price_per_month,
                segment.original_price_per_hour_reserved_1y,
                segment.original_price_per_hour_reserved_3y
            ]
        )
    ) is distinct from row(
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
        )
    );
