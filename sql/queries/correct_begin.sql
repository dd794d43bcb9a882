-- Begins the history of offers that a correction made active: those without a price that stands.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz)
-- row: none
select
    cloudgpus.begin_price_segments(
        array_agg(offer.id),
        array_agg(%(observed_at)s::timestamptz),
        array_agg(%(job_id)s::uuid)
    )
from incoming_offers as incoming
inner join cloudgpus.instances as offer
    on offer.provider_id = %(provider_id)s
    and offer.instance_type = incoming.instance_type
    and offer.region = incoming.region
where incoming.standing = 'changed'
    and not incoming.is_past
    and not exists (
        select
        from cloudgpus.price_history as segment
        where segment.instance_id = offer.id
            and segment.valid_to is null
    );
