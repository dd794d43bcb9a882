drop table cloudgpus.disagreements;

delete from cloudgpus.schema_migrations where id = '0031_disagreements';
