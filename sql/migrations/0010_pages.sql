-- The text of the pages, and what each was built from, so that the next build can leave alone what did not change.

create table cloudgpus.content_pages (
    id uuid primary key default gen_random_uuid(),

    slug varchar(200) not null unique,
    page_type varchar(50) not null,

    title varchar(200) not null,
    meta_description varchar(320),
    canonical_url varchar(500),

    content_html text,
    content_markdown text,
    structured_data jsonb,

    related_gpu_ids uuid[],
    related_provider_ids uuid[],

    generated_at timestamptz,
    generation_prompt text,
    generation_model varchar(200),

    front_matter jsonb,
    is_published boolean not null default false,
    published_at timestamptz,

    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint content_pages_published_has_date check (not is_published or published_at is not null)
);

create index idx_content_pages_type on cloudgpus.content_pages (page_type);
create index idx_content_pages_published on cloudgpus.content_pages (is_published) where is_published = true;
create index idx_content_pages_slug on cloudgpus.content_pages (slug);

comment on table cloudgpus.content_pages is 'The text of each page, generated or reviewed, without its tables';
comment on column cloudgpus.content_pages.slug is 'The page''s path without the outer slashes; "home" for /';
comment on column cloudgpus.content_pages.page_type is 'The page''s module in generator/pages/';
comment on column cloudgpus.content_pages.structured_data is 'The page''s JSON-LD';
comment on column cloudgpus.content_pages.generation_model is 'What wrote the text: a model with its endpoint, a template, a person''s file';
comment on column cloudgpus.content_pages.front_matter is 'What a guide''s file states besides its text: author, summary, sources, review';
comment on column cloudgpus.content_pages.published_at is 'When it was first published; kept when it is unpublished';

create trigger update_content_pages_timestamp
    before update on cloudgpus.content_pages
    for each row execute function cloudgpus.update_timestamp();

create table cloudgpus.built_pages (
    path text primary key,
    page_type text not null,
    gate_state text not null,
    gate_reasons text[] not null default '{}',
    gate_since timestamptz not null,
    inputs jsonb not null default '{}'::jsonb,
    code_version text not null,
    content_hash text not null,
    files jsonb not null default '{}',
    last_modified timestamptz not null,
    first_built_at timestamptz not null,

    constraint built_pages_gate_known check (gate_state in ('indexable', 'thin', 'stub'))
);

comment on table cloudgpus.built_pages is 'Each page of the site: what it was built from, its files, and whether search engines may list it';
comment on column cloudgpus.built_pages.path is '/gpu/h100-sxm/';
comment on column cloudgpus.built_pages.gate_state is 'indexable; thin: noindex, not in the sitemap; stub: there for links only';
comment on column cloudgpus.built_pages.gate_since is 'Since when it has been in that state';
comment on column cloudgpus.built_pages.inputs is 'The slices of the catalogue it read, each with its version';
comment on column cloudgpus.built_pages.code_version is 'Version of the templates and code that built it';
comment on column cloudgpus.built_pages.content_hash is 'Of the main content, JSON-LD and links; a change moves last_modified';
comment on column cloudgpus.built_pages.files is 'Its files in the output folder, each with the hash of its bytes';

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
comment on column cloudgpus.builds.generation is 'Token that is also in the output folder; where the two differ, every file is compared';

insert into cloudgpus.schema_migrations (id) values ('0010_pages');
