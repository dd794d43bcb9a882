-- Begins history anew for unchanged offers that were not watched for too long.
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
where incoming.is_unwatched
    and incoming.standing in ('same', 'converted');
