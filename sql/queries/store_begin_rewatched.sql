-- Begin a new segment for unchanged offers that nobody confirmed for too long.
-- params: job_id (uuid), observed_at (timestamptz)
-- row: none
select
    cloudgpus.begin_price_segments(
        array_agg(instance_id),
        array_agg(%(observed_at)s::timestamptz),
        array_agg(%(job_id)s::uuid)
    )
from matched_offers
where is_unwatched
    and standing in ('same', 'converted');
