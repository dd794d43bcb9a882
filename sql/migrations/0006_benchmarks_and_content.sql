-- What GPUs were measured to do, and the words of the pages.

create table cloudgpus.gpu_benchmarks (
    id uuid primary key default gen_random_uuid(),

    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    workload_type cloudgpus.benchmark_workload not null,
    benchmark_name varchar(100) not null,
    benchmark_version varchar(20),

    score numeric(12,2),
    score_unit varchar(50),
    latency_ms numeric(10,2),
    throughput numeric(12,2),
    throughput_unit varchar(50),

    batch_size integer,
    precision varchar(10),
    model_name varchar(100),
    framework varchar(50),

    test_date date,
    source_url varchar(500),
    notes text,

    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint gpu_benchmarks_unique
        unique nulls not distinct (gpu_model_id, workload_type, benchmark_name, precision)
);

create index idx_gpu_benchmarks_gpu on cloudgpus.gpu_benchmarks (gpu_model_id);
create index idx_gpu_benchmarks_workload on cloudgpus.gpu_benchmarks (workload_type);

comment on table cloudgpus.gpu_benchmarks is 'Published benchmark results, with their source';
comment on column cloudgpus.gpu_benchmarks.precision is 'FP16, FP8, ...; null where the source does not say, which is one result, not many';

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

comment on table cloudgpus.content_pages is 'The words of each page: generated text or reviewed prose, without its tables';
comment on column cloudgpus.content_pages.slug is 'The page''s path without the outer slashes; home for /';
comment on column cloudgpus.content_pages.page_type is 'The page''s module in generator/pages/';
comment on column cloudgpus.content_pages.structured_data is 'The page''s JSON-LD';
comment on column cloudgpus.content_pages.generation_model is 'What wrote the text: a model with its endpoint, a template, a person''s file';
comment on column cloudgpus.content_pages.front_matter is 'What a guide''s file states beside its text: author, summary, sources, review';
comment on column cloudgpus.content_pages.published_at is 'When it was first published; kept when it is taken back';

insert into cloudgpus.schema_migrations (id) values ('0006_benchmarks_and_content');
