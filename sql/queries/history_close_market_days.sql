-- Compute the market of past days, once, for the trends that are read from it.
-- params: as_of (timestamptz)
-- row: none
select cloudgpus.settle_market(%(as_of)s::timestamptz);
