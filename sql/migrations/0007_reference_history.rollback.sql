drop table cloudgpus.reference_history;
drop table cloudgpus.reference_sources;

delete from cloudgpus.schema_migrations where id = '0007_reference_history';
