drop table cloudgpus.quarantine;

delete from cloudgpus.schema_migrations where id = '0017_quarantine';
