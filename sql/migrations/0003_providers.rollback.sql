drop table cloudgpus.exchange_rates;
drop table cloudgpus.sold_without_price;
drop table cloudgpus.provider_terms;
drop table cloudgpus.provider_regions;
drop table cloudgpus.providers;
drop table cloudgpus.source_classes;

delete from cloudgpus.schema_migrations where id = '0003_providers';
