-- Convert what the version before kept in other columns: a page's one file becomes its list of files.
-- params: none
-- row: none
do $$
begin
    alter table cloudgpus_before.built_pages add column files jsonb not null default '{}';

    update cloudgpus_before.built_pages
    set files = jsonb_build_object(
        ltrim(path, '/') || case when path like '%/' then 'index.html' else '' end,
        file_hash
    );

    alter table cloudgpus_before.built_pages drop column file_hash;
end $$;
