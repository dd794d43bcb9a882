drop table cloudgpus.quarantine;
drop table cloudgpus.unmapped_gpu_names;

delete from cloudgpus.schema_migrations where id = '0008_held_back';
