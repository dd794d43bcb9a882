drop function cloudgpus.prices_at(timestamptz);
drop function cloudgpus.offers_at(timestamptz);

delete from cloudgpus.schema_migrations where id = '0010_offers_at';
