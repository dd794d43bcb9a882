-- Compact the months of history that end on or before a day, each once.
-- params: before (date)
-- row: CompactedMonth (bytes with indexes)
select
    partition as name,
    bytes_before,
    bytes_after
from cloudgpus.compact_price_history(%(before)s::date);
