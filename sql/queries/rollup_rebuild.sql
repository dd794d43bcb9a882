-- Recompute the daily prices of every offer between two days from the segments in price history.
-- params: first (date), last (date)
-- row: none
with noted as (
    insert into cloudgpus.moved_slices (slice) values ('everything')
)

select
    cloudgpus.recompute_price_daily(
        array_agg(id),
        array_agg(%(first)s::date),
        array_agg(%(last)s::date)
    )
from cloudgpus.instances;
