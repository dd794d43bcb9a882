-- A provider's offers at an instant, from history: live prices, or else recorded ones.
-- params: provider (text: slug), at (timestamptz), is_recorded (boolean)
-- row: HistoricOffer (amounts as charged: price_per_hour, spot and reserved for the whole instance and an hour)
select
    offer.instance_type,
    offer.region,
    gpu.slug as gpu_slug,
    segment.gpu_count,
    segment.gpu_share,
    segment.currency,
    segment.availability_status::text,
    coalesce(segment.original_price_per_hour, segment.price_per_hour) as price_per_hour,
    coalesce(segment.original_price_per_hour_spot, segment.price_per_hour_spot) as price_per_hour_spot,
    coalesce(segment.original_price_per_month, segment.price_per_month) as price_per_month,
    coalesce(segment.original_price_per_hour_reserved_1y, segment.price_per_hour_reserved_1y) as price_per_hour_reserved_1y,
    coalesce(segment.original_price_per_hour_reserved_3y, segment.price_per_hour_reserved_3y) as price_per_hour_reserved_3y
from cloudgpus.price_history as segment
inner join cloudgpus.instances as offer on offer.id = segment.instance_id
inner join cloudgpus.providers as provider on provider.id = segment.provider_id
inner join cloudgpus.gpu_models as gpu on gpu.id = segment.gpu_model_id
where provider.slug = %(provider)s
    and segment.is_active
    and segment.is_recorded = %(is_recorded)s
    and segment.recorded_at <= %(at)s
    and (segment.valid_to is null or segment.valid_to > %(at)s or segment.last_confirmed_at = %(at)s)
    and not exists (
        select
        from cloudgpus.price_history as disappeared
        where disappeared.instance_id = segment.instance_id
            and disappeared.is_recorded = segment.is_recorded
            and disappeared.recorded_at = %(at)s
            and not disappeared.is_active
    )
order by offer.instance_type, offer.region, segment.recorded_at;
