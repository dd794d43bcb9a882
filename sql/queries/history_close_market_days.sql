-- Computes the market of the days that are over, once, for trends to read.
-- params: as_of (timestamptz)
-- row: none
select cloudgpus.settle_market(%(as_of)s::timestamptz);
