-- Make the missing partitions of price history from the first month to the last.
-- params: first (timestamptz), last (timestamptz)
-- row: none
select cloudgpus.ensure_price_history_partitions(%(first)s::timestamptz, %(last)s::timestamptz);
