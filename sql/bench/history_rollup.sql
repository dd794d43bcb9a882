-- Recompute the daily prices of every n-th offer (part of parts) from its history.
-- params: start (timestamptz), as_of (timestamptz), part (integer), parts (integer)
-- row: none
select
    cloudgpus.recompute_price_daily(
        array_agg(id),
        array_agg(cloudgpus.utc_day(%(start)s::timestamptz)),
        array_agg(cloudgpus.utc_day(%(as_of)s::timestamptz))
    )
from cloudgpus.instances
where abs(hashtext(id::text)) %% %(parts)s = %(part)s
having count(*) > 0;
