-- How many days the daily prices cover, and how much history they are made from.
-- params: none
-- row: RollupSummary (days: of all series, each day counted once a series; first and last: UTC days; bytes with indexes)
select
    (select count(*) from cloudgpus.price_series) as series,
    count(*) as rows,
    coalesce(sum(through - day + 1), 0)::bigint as days,
    min(day) as first,
    max(through) as last,
    pg_total_relation_size('cloudgpus.price_daily') + pg_total_relation_size('cloudgpus.price_series') as bytes,
    (
        select min(cloudgpus.utc_day(recorded_at))
        from cloudgpus.price_history
        where is_active
            and not is_recorded
    ) as history_first
from cloudgpus.price_daily;
