drop table cloudgpus.builds;
drop table cloudgpus.built_pages;
drop table cloudgpus.content_pages;

delete from cloudgpus.schema_migrations where id = '0010_pages';
