-- A provider's price changes as listed at as_of.
-- params: provider (text), as_of (timestamptz)
-- row: dict
select *
from price_events_at(%(as_of)s, null, array[%(provider)s]);
