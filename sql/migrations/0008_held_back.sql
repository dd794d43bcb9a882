-- What is not published of the answers: GPU names that no alias knows, and offers that are held back.

create table cloudgpus.unmapped_gpu_names (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_name text not null,
    gpu_memory_gb numeric,
    example_instance_type text,
    offers integer not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,

    constraint unmapped_gpu_names_unique unique nulls not distinct (provider_id, gpu_name, gpu_memory_gb),
    constraint unmapped_gpu_names_numbers check (gpu_memory_gb <> 'NaN')
);

comment on table cloudgpus.unmapped_gpu_names is
    'GPU names in the newest answers that no alias knows; their offers are not stored until sql/seed/ has the name';

create table cloudgpus.quarantine (
    id bigint generated always as identity primary key,
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    instance_type varchar(100) not null,
    region varchar(60) not null default '',
    gpu_model_id uuid references cloudgpus.gpu_models (id) on delete restrict,

    rule text not null,
    detail text not null,
    prices jsonb not null default '{}'::jsonb,

    state text not null default 'waiting',
    seen_n integer not null default 1,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    first_job_id uuid not null references cloudgpus.scrape_jobs (id) on delete restrict,
    last_job_id uuid not null references cloudgpus.scrape_jobs (id) on delete restrict,

    decided_by text,
    decided_at timestamptz,
    reason text,

    constraint quarantine_state_known check (state in ('waiting', 'released', 'rejected', 'withdrawn')),
    constraint quarantine_decision_signed
        check (state not in ('released', 'rejected') or (decided_by is not null and decided_at is not null)),
    constraint quarantine_in_order check (last_seen_at >= first_seen_at)
);

create unique index quarantine_open on cloudgpus.quarantine (provider_id, instance_type, region)
    where state in ('waiting', 'rejected');
create index idx_quarantine_first_job on cloudgpus.quarantine (first_job_id);
create index idx_quarantine_last_job on cloudgpus.quarantine (last_job_id);

comment on table cloudgpus.quarantine is
    'Offers and whole answers that are not published: the last good price stays, with its date, until a second answer '
    'agrees or an editor decides';
comment on column cloudgpus.quarantine.instance_type is 'Empty: the whole answer';
comment on column cloudgpus.quarantine.prices is
    'US dollars per GPU-hour by price column, as held back; for a whole answer the number of its "offers"; empty where '
    'nothing could be released';
comment on column cloudgpus.quarantine.state is
    'waiting; released: published from the next answer on that has these prices, or about as many offers; rejected: '
    'held back by an editor while answers have them; withdrawn: newer answers have other prices, or not the offer';
comment on column cloudgpus.quarantine.seen_n is 'How many answers in a row had it';
comment on column cloudgpus.quarantine.decided_by is 'Who released or rejected it';

insert into cloudgpus.schema_migrations (id) values ('0008_held_back');
