drop table cloudgpus.gpu_benchmarks;
drop table cloudgpus.gpu_aliases;
drop table cloudgpus.gpu_models;

delete from cloudgpus.schema_migrations where id = '0002_gpus';
