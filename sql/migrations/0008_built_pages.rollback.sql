drop table cloudgpus.builds;
drop table cloudgpus.built_pages;

delete from cloudgpus.schema_migrations where id = '0008_built_pages';
