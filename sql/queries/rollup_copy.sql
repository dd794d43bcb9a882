-- Copy the daily prices as they are, until the end of the transaction, for a comparison.
-- params: none
-- row: none
create temporary table rollup_before on commit drop as
select
    series_id,
    day,
    through,
    covered_ms,
    mean,
    minimum,
    maximum,
    close
from cloudgpus.price_daily;
