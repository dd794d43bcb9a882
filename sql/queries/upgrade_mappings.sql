-- Convert what the version before kept in other columns: a page's one file becomes its list of files, and no price has a stated end.  What it noted of
-- pages and builds beyond that is left behind, and so the next build makes every page.
-- params: none
-- row: none
do $$
declare
    detached regclass;
begin
    alter table cloudgpus_before.built_pages add column files jsonb not null default '{}';

    update cloudgpus_before.built_pages
    set files = jsonb_build_object(
        ltrim(path, '/') || case when path like '%/' then 'index.html' else '' end,
        file_hash
    );

    alter table cloudgpus_before.built_pages
        drop column file_hash,
        drop column inputs,
        drop column code_version,
        add column key text[] not null default '{}',
        add column number integer,
        add column reads integer[] not null default '{}',
        add column model_hash text not null default '',
        add column looked_at timestamptz,
        add column made_at timestamptz,
        add column changed_at timestamptz,
        add column gate_found text,
        add column gate_found_since timestamptz,
        add column gate_found_times integer not null default 1,
        add column gate_found_at timestamptz,
        add column was_indexable boolean not null default false;

    update cloudgpus_before.built_pages
    set
        gate_found = gate_state,
        gate_found_since = gate_since,
        gate_found_at = gate_since,
        was_indexable = gate_state = 'indexable';

    alter table cloudgpus_before.builds
        drop column code_version,
        add column revision bigint,
        add column code jsonb not null default '{}',
        add column is_same_for text not null default '',
        add column report jsonb not null default '{}',
        add column audit_head text;

    alter table cloudgpus_before.content_pages
        add column live_revision_id bigint,
        add column imported_hash text;

    alter table cloudgpus_before.instances add column price_ends jsonb not null default '{}';
    alter table cloudgpus_before.price_history add column price_ends jsonb not null default '{}';
    for detached in
        select oid from pg_catalog.pg_class
        where relnamespace = 'cloudgpus_before'::regnamespace and relname ~ '^price_history_\d{4}_\d{2}_detached$' and relkind = 'r'
    loop
        execute format('alter table %s add column price_ends jsonb not null default ''{}''', detached);
    end loop;
end $$;
