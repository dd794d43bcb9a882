drop table cloudgpus.crowded_pairs;

delete from cloudgpus.schema_migrations where id = '0020_crowded_pairs';
