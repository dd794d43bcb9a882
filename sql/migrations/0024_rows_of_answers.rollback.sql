alter table cloudgpus.instances
    drop column size_stated,
    drop column upstream;

delete from cloudgpus.schema_migrations where id = '0024_rows_of_answers';
