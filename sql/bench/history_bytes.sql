-- Rows of history and its bytes on disk, with indexes and daily prices.
-- params: none
-- row: none
select
    sum(pg_total_relation_size(kept.oid))::bigint as bytes,
    (select count(*) from cloudgpus.price_history) as segments
from pg_catalog.pg_class as kept
where kept.relnamespace = 'cloudgpus'::regnamespace
    and kept.relkind = 'r'
    and kept.relname ~ '^(price_(history|daily|series)|market_)';
