-- What was built from what, so that the next build can leave alone what did not change.

create table cloudgpus.built_pages (
    path text primary key,
    page_type text not null,
    gate_state text not null,
    gate_reasons text[] not null default '{}',
    gate_since timestamptz not null,
    inputs jsonb not null default '{}'::jsonb,
    code_version text not null,
    content_hash text not null,
    file_hash text not null,
    last_modified timestamptz not null,
    first_built_at timestamptz not null,

    constraint built_pages_gate_known check (gate_state in ('indexable', 'thin', 'stub'))
);

comment on table cloudgpus.built_pages is 'Each page of the site, what it was made of and what became of it';
comment on column cloudgpus.built_pages.path is '/gpu/h100-sxm/';
comment on column cloudgpus.built_pages.gate_state is 'indexable; thin: noindex, out of the sitemap; stub: there for links only';
comment on column cloudgpus.built_pages.gate_since is 'Since when it has that state';
comment on column cloudgpus.built_pages.inputs is 'The slices of the catalogue it read, each with its version';
comment on column cloudgpus.built_pages.code_version is 'Version of the templates and code that made it';
comment on column cloudgpus.built_pages.content_hash is 'Of the main content, JSON-LD and links: what moves last_modified';
comment on column cloudgpus.built_pages.file_hash is 'Of the file''s bytes';

create table cloudgpus.builds (
    id bigint generated always as identity primary key,
    as_of timestamptz not null,
    generation uuid not null,
    output_dir text not null,
    site_url text not null,
    code_version text not null,
    pages integer,
    started_at timestamptz not null default now(),
    completed_at timestamptz
);

comment on table cloudgpus.builds is 'Builds of the site';
comment on column cloudgpus.builds.generation is 'Token that the output folder carries too; where they differ, every file is compared';

insert into cloudgpus.schema_migrations (id) values ('0008_built_pages');
