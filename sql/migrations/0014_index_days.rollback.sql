drop trigger move_index_days_insert on cloudgpus.market_days;
drop trigger move_index_days_update on cloudgpus.market_days;
drop trigger move_index_days_delete on cloudgpus.market_days;

delete from cloudgpus.schema_migrations where id = '0014_index_days';
