drop function cloudgpus.ensure_price_history_partitions(timestamptz, timestamptz);
drop table cloudgpus.price_history;

delete from cloudgpus.schema_migrations where id = '0005_price_history';
