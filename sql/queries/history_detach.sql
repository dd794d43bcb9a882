-- Detach the months that end on or before a day from price history, and keep each as a table of its own.
-- params: before (date)
-- row: DetachedMonth
select
    partition as name,
    became,
    segments,
    carried_over
from cloudgpus.detach_price_history(%(before)s::date);
