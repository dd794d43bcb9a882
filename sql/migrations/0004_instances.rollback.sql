drop table cloudgpus.confirmations;
drop table cloudgpus.instances;

delete from cloudgpus.schema_migrations where id = '0004_instances';
