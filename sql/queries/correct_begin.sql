-- Begins the history of offers that a correction made active: those without a price that stands.
-- params: job_id (uuid), observed_at (timestamptz)
-- row: none
select
    cloudgpus.begin_price_segments(
        array_agg(matched.instance_id),
        array_agg(%(observed_at)s::timestamptz),
        array_agg(%(job_id)s::uuid)
    )
from matched_offers as matched
where matched.standing = 'changed'
    and not matched.is_past
    and not exists (
        select
        from cloudgpus.price_history as segment
        where segment.instance_id = matched.instance_id
            and segment.valid_to is null
    );
