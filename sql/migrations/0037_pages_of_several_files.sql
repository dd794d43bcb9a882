-- A page is one file for each of its formats.

alter table cloudgpus.built_pages
    add column files jsonb not null default '{}',
    drop column file_hash;

comment on column cloudgpus.built_pages.files is 'Its files in the output folder, each with the hash of its bytes';

insert into cloudgpus.schema_migrations (id) values ('0037_pages_of_several_files');
