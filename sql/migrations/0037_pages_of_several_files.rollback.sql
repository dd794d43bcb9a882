alter table cloudgpus.built_pages
    add column file_hash text not null default '',
    drop column files;

alter table cloudgpus.built_pages alter column file_hash drop default;

comment on column cloudgpus.built_pages.file_hash is 'Of the file''s bytes';

delete from cloudgpus.schema_migrations where id = '0037_pages_of_several_files';
