drop table cloudgpus.exchange_rates;
drop table cloudgpus.providers;
drop table cloudgpus.gpu_aliases;
drop table cloudgpus.gpu_models;
drop table cloudgpus.source_classes;

delete from cloudgpus.schema_migrations where id = '0002_catalogue';
