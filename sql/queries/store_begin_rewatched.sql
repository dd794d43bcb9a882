-- Begin a new segment for unchanged offers that nobody confirmed for too long; a correction has begun its own already.
-- params: job_id (uuid), observed_at (timestamptz)
-- row: none
select
    cloudgpus.begin_price_segments(
        array_agg(matched.instance_id),
        array_agg(%(observed_at)s::timestamptz),
        array_agg(%(job_id)s::uuid)
    )
from matched_offers as matched
where matched.is_unwatched
    and matched.standing in ('same', 'converted')
    and not exists (
        select
        from cloudgpus.price_history as segment
        where segment.instance_id = matched.instance_id
            and segment.valid_to is null
    );
