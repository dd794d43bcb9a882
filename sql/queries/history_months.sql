-- The months of price history, attached and detached, oldest first, and the default partition, last.
-- params: none
-- row: HistoryMonth (first and until: UTC days, until not included; bytes with indexes)
select
    name,
    first,
    until,
    segments,
    bytes,
    is_attached
from cloudgpus.price_history_months();
