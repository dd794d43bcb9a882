-- Begin a segment for active offers without a current one: a correction made them active, or ended theirs.
-- params: job_id (uuid), observed_at (timestamptz)
-- row: none
select
    cloudgpus.begin_price_segments(
        array_agg(matched.instance_id),
        array_agg(%(observed_at)s::timestamptz),
        array_agg(%(job_id)s::uuid)
    )
from matched_offers as matched
where matched.standing in ('changed', 'converted', 'same')
    and not matched.is_past
    and not exists (
        select
        from cloudgpus.price_history as segment
        where segment.instance_id = matched.instance_id
            and (segment.valid_to is null or (segment.is_active and segment.last_confirmed_at = %(observed_at)s))
    );
