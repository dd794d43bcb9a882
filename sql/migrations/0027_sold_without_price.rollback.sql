drop table cloudgpus.sold_without_price;

delete from cloudgpus.schema_migrations where id = '0027_sold_without_price';
