drop table cloudgpus.retracted_price_events;

delete from cloudgpus.schema_migrations where id = '0023_retractions';
