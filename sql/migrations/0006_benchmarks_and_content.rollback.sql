drop table cloudgpus.content_pages;
drop table cloudgpus.gpu_benchmarks;

delete from cloudgpus.schema_migrations where id = '0006_benchmarks_and_content';
