-- Offers that are held back, each with the rule that caught it and the figures.

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
    'Offers in answers that are not published: the last good price stands, with its date, until a second answer agrees or an '
    'editor decides';
comment on column cloudgpus.quarantine.prices is
    'US dollars per GPU-hour by price column, as held back; empty where there is nothing that could be let through';
comment on column cloudgpus.quarantine.state is
    'waiting; released: published from the next answer on that has these prices; rejected: an editor holds it back while it '
    'has these prices; withdrawn: the answer has another price now, or the offer no more';
comment on column cloudgpus.quarantine.seen_n is 'How many answers in a row had it';
comment on column cloudgpus.quarantine.decided_by is 'Who let it through or rejected it';

alter table cloudgpus.quarantine enable row level security;

do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.quarantine to service_role using (true) with check (true);
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0017_quarantine');
