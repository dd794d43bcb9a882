-- Where a stated price is held back, keep the one that was in force at that time, if it is for the same GPUs and in the
-- same currency.
-- params: provider_id (uuid), observed_at (timestamptz), is_recorded (boolean)
-- row: none
with stood as (
    select distinct on (segment.instance_id)
        offer.instance_type,
        offer.region,
        gpu.slug as gpu_slug,
        segment.gpu_count,
        segment.gpu_share,
        segment.currency,
        segment.price_ends,
        coalesce(segment.original_price_per_hour, segment.price_per_hour) as price_per_hour,
        coalesce(segment.original_price_per_hour_spot, segment.price_per_hour_spot) as price_per_hour_spot,
        coalesce(segment.original_price_per_month, segment.price_per_month) as price_per_month,
        coalesce(segment.original_price_per_hour_reserved_1y, segment.price_per_hour_reserved_1y) as price_per_hour_reserved_1y,
        coalesce(segment.original_price_per_hour_reserved_3y, segment.price_per_hour_reserved_3y) as price_per_hour_reserved_3y
    from incoming_offers as incoming
    inner join cloudgpus.instances as offer
        on offer.provider_id = %(provider_id)s
        and offer.instance_type = incoming.instance_type
        and offer.region = incoming.region
    inner join cloudgpus.price_history as segment on segment.instance_id = offer.id
    inner join cloudgpus.gpu_models as gpu on gpu.id = segment.gpu_model_id
    where incoming.kept_prices <> '{}'
        and segment.is_active
        and segment.is_recorded = %(is_recorded)s
        and segment.recorded_at <= %(observed_at)s
        and (segment.valid_to is null or segment.valid_to > %(observed_at)s or segment.last_confirmed_at = %(observed_at)s)
    order by segment.instance_id, segment.recorded_at desc
)

update incoming_offers as incoming
set
    price_per_hour = case
        when 'price_per_hour' = any(incoming.kept_prices) then round(stood.price_per_hour * incoming.exchange_rate, 4)
        else incoming.price_per_hour
    end,
    original_price_per_hour = case
        when 'price_per_hour' = any(incoming.kept_prices) then stood.price_per_hour
        else incoming.original_price_per_hour
    end,
    price_per_hour_spot = case
        when 'price_per_hour_spot' = any(incoming.kept_prices) then round(stood.price_per_hour_spot * incoming.exchange_rate, 4)
        else incoming.price_per_hour_spot
    end,
    original_price_per_hour_spot = case
        when 'price_per_hour_spot' = any(incoming.kept_prices) then stood.price_per_hour_spot
        else incoming.original_price_per_hour_spot
    end,
    price_per_month = case
        when 'price_per_month' = any(incoming.kept_prices) then round(stood.price_per_month * incoming.exchange_rate, 2)
        else incoming.price_per_month
    end,
    original_price_per_month = case
        when 'price_per_month' = any(incoming.kept_prices) then stood.price_per_month
        else incoming.original_price_per_month
    end,
    price_per_hour_reserved_1y = case
        when 'price_per_hour_reserved_1y' = any(incoming.kept_prices) then round(stood.price_per_hour_reserved_1y * incoming.exchange_rate, 4)
        else incoming.price_per_hour_reserved_1y
    end,
    original_price_per_hour_reserved_1y = case
        when 'price_per_hour_reserved_1y' = any(incoming.kept_prices) then stood.price_per_hour_reserved_1y
        else incoming.original_price_per_hour_reserved_1y
    end,
    price_per_hour_reserved_3y = case
        when 'price_per_hour_reserved_3y' = any(incoming.kept_prices) then round(stood.price_per_hour_reserved_3y * incoming.exchange_rate, 4)
        else incoming.price_per_hour_reserved_3y
    end,
    original_price_per_hour_reserved_3y = case
        when 'price_per_hour_reserved_3y' = any(incoming.kept_prices) then stood.price_per_hour_reserved_3y
        else incoming.original_price_per_hour_reserved_3y
    end,
    price_ends = incoming.price_ends || coalesce(
        (
            select jsonb_object_agg(ended.price_column, ended.at)
            from jsonb_each(stood.price_ends) as ended (price_column, at)
            where ended.price_column = any(incoming.kept_prices)
        ),
        '{}'
    )
from stood
where stood.instance_type = incoming.instance_type
    and stood.region = incoming.region
    and stood.gpu_slug = incoming.gpu_slug
    and stood.gpu_count = incoming.gpu_count
    and stood.gpu_share = incoming.gpu_share
    and stood.currency = incoming.currency;
