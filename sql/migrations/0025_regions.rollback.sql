drop table cloudgpus.provider_regions;

delete from cloudgpus.schema_migrations where id = '0025_regions';
