-- What providers were asked and what they answered: runs, jobs and captures.

create table cloudgpus.runs (
    id bigint generated always as identity primary key,
    as_of timestamptz not null,
    source text not null,
    started_at timestamptz not null default now(),
    completed_at timestamptz,
    version text,

    constraint runs_source_known check (source in ('auto', 'live', 'recorded', 'replay'))
);

comment on table cloudgpus.runs is 'Refreshes, each as of one instant';
comment on column cloudgpus.runs.as_of is 'The instant that the run describes; not the wall clock';
comment on column cloudgpus.runs.source is
    'live answers, recorded ones, or live with recorded where a provider can''t be reached; replay: kept answers, parsed again';
comment on column cloudgpus.runs.version is 'Version of the code';

create table cloudgpus.scrape_jobs (
    id uuid primary key default gen_random_uuid(),

    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    run_id bigint references cloudgpus.runs (id) on delete restrict,

    status cloudgpus.scrape_status not null default 'pending',
    is_recorded boolean not null default false,

    started_at timestamptz not null default now(),
    completed_at timestamptz,
    observed_at timestamptz,
    duration_ms integer,

    instances_found integer default 0,
    instances_updated integer default 0,
    instances_created integer default 0,
    instances_deactivated integer default 0,
    instances_unchanged integer default 0,
    offers_rejected integer not null default 0,
    report jsonb,

    error_message text,
    error_code varchar(50),
    retry_count smallint default 0,

    request_url varchar(2000),
    response_status_code smallint,
    raw_response_size_bytes bigint,

    scraper_version varchar(100),
    worker_id varchar(100)
);

create index idx_scrape_jobs_provider on cloudgpus.scrape_jobs (provider_id, started_at desc);
create index idx_scrape_jobs_status on cloudgpus.scrape_jobs (status) where status in ('pending', 'running');
create index idx_scrape_jobs_time on cloudgpus.scrape_jobs (started_at desc);
create index idx_scrape_jobs_run on cloudgpus.scrape_jobs (run_id);
create index idx_scrape_jobs_observed on cloudgpus.scrape_jobs (provider_id, observed_at);

comment on table cloudgpus.scrape_jobs is 'One provider''s part in one run, failed ones included';
comment on column cloudgpus.scrape_jobs.is_recorded is 'True: it read a shipped recording; nothing was fetched';
comment on column cloudgpus.scrape_jobs.observed_at is
    'When its newest answer was true; the last_confirmed_at of the prices that it saw';
comment on column cloudgpus.scrape_jobs.instances_found is 'Offers of known GPUs in the answer';
comment on column cloudgpus.scrape_jobs.instances_deactivated is 'Offers that a complete answer no longer has';
comment on column cloudgpus.scrape_jobs.instances_unchanged is 'Offers seen again as they were; only their confirmation moved';
comment on column cloudgpus.scrape_jobs.offers_rejected is 'Offers in the answer that could not be read';
comment on column cloudgpus.scrape_jobs.report is 'What the run reports beyond the other columns';

create table cloudgpus.capture_bodies (
    sha256 char(64) primary key,
    body bytea not null,
    body_bytes integer not null,

    constraint capture_bodies_hash check (sha256 ~ '^[0-9a-f]{64}$')
);

-- The bodies are already compressed.
alter table cloudgpus.capture_bodies alter column body set storage external;

comment on table cloudgpus.capture_bodies is 'Answers as they came, each kept once';
comment on column cloudgpus.capture_bodies.sha256 is 'Of the bytes before compression';
comment on column cloudgpus.capture_bodies.body is 'zlib';
comment on column cloudgpus.capture_bodies.body_bytes is 'Size before compression';

create table cloudgpus.captures (
    id uuid primary key default gen_random_uuid(),
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    scrape_job_id uuid not null references cloudgpus.scrape_jobs (id) on delete restrict,
    sha256 char(64) not null references cloudgpus.capture_bodies (sha256) on delete restrict,
    method text not null,
    url text not null,
    request_body bytea,
    status smallint not null,
    content_type text,
    headers jsonb,
    fetched_at timestamptz not null,
    is_recorded boolean not null default false,
    origin text,
    origin_url text
);

create index idx_captures_job on cloudgpus.captures (scrape_job_id);
create index idx_captures_provider_time on cloudgpus.captures (provider_id, fetched_at desc);
create index idx_captures_body on cloudgpus.captures (sha256);

comment on table cloudgpus.captures is
    'Requests and their answers. The evidence of a price: the job of its confirmation, and the captures of that job';
comment on column cloudgpus.captures.fetched_at is 'When the answer came; for a recording, when it was true';
comment on column cloudgpus.captures.origin is 'Where a recording''s figures come from; null for a live answer';
comment on column cloudgpus.captures.origin_url is
    'Address of the collection that a recording''s figures come from; null for a live answer, and where there is none';

insert into cloudgpus.schema_migrations (id) values ('0004_runs');
