-- Recompute the daily prices of a provider's offers, after what a clock that was ahead had dated was undone.
-- params: provider_id (uuid), observed_at (timestamptz: of the answer that replaces it)
-- row: none
select
    cloudgpus.recompute_price_daily(
        array_agg(segment.instance_id),
        array_agg(segment.first),
        array_agg(cloudgpus.utc_day(%(observed_at)s::timestamptz))
    )
from (
    select
        instance_id,
        max(cloudgpus.utc_day(last_confirmed_at)) as first
    from cloudgpus.price_history
    where provider_id = %(provider_id)s
        and not is_recorded
        and valid_to is not null
        and recorded_at <= %(observed_at)s
    group by instance_id
) as segment;
