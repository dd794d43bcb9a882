-- Makes the partitions of price history from the first month to the last, and says how many were missing.
-- params: first (timestamptz), last (timestamptz)
-- row: none
select cloudgpus.ensure_price_history_partitions(%(first)s::timestamptz, %(last)s::timestamptz);
