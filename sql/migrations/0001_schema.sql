-- The schema, its types, and the bookkeeping of migrations, functions and objects outside the schema.

-- A schema that already exists (made by an administrator, say) is used, and the rollback leaves it in place.
do $$
declare
    was_there boolean := exists (select from pg_catalog.pg_namespace where nspname = 'cloudgpus');
begin
    if not was_there then
        create schema cloudgpus;
        comment on schema cloudgpus is
            'GPU cloud prices: the catalogue, current offers, their history and evidence, and the pages made from them';
    end if;

    create table cloudgpus.project_objects (
        kind text not null check (kind in ('schema', 'extension', 'role')),
        name text not null,
        primary key (kind, name)
    );

    if not was_there then
        insert into cloudgpus.project_objects (kind, name) values ('schema', 'cloudgpus');
    end if;
end $$;

comment on table cloudgpus.project_objects is
    'What the migrations created outside their own tables; a rollback removes these and leaves what it found';

create table cloudgpus.schema_migrations (
    id text primary key,
    checksum char(64),
    applied_at timestamptz not null default now()
);

comment on table cloudgpus.schema_migrations is 'The migrations applied here; each migration adds and removes its own row';
comment on column cloudgpus.schema_migrations.checksum is 'SHA-256 of the file as applied; null where psql applied it';

create table cloudgpus.schema_functions (
    name text primary key,
    checksum char(64) not null,
    applied_at timestamptz not null default now()
);

comment on table cloudgpus.schema_functions is
    'The functions of sql/functions/ as build.py applied them; those that psql applied are missing, and are applied again';
comment on column cloudgpus.schema_functions.checksum is 'SHA-256 of the file as applied';

-- Optional: a slim PostgreSQL has neither extension, and an ordinary user may not create them.
do $$
declare
    extension text;
begin
    foreach extension in array array['uuid-ossp', 'pg_trgm'] loop
        continue when exists (select from pg_catalog.pg_extension where extname = extension)
            or not exists (select from pg_catalog.pg_available_extensions where name = extension);
        begin
            execute format('create extension %I with schema public', extension);
            insert into cloudgpus.project_objects (kind, name) values ('extension', extension);
        exception when insufficient_privilege or undefined_file or invalid_schema_name or unique_violation then
            raise notice 'extension % left out: %', extension, sqlerrm;
        end;
    end loop;
end $$;

create type cloudgpus.reliability_tier as enum ('enterprise', 'standard', 'community');
comment on type cloudgpus.reliability_tier is
    'enterprise: SLA of at least 99.9%; standard: at least 99%; community: none promised';

create type cloudgpus.provider_type as enum (
    'specialized_neocloud',
    'hyperscaler',
    'regional_cloud',
    'marketplace',
    'depin',
    'bare_metal'
);
comment on type cloudgpus.provider_type is 'What a provider mainly rents out; depin: a decentralised network of hosts';

create type cloudgpus.gpu_architecture as enum (
    'blackwell',
    'hopper',
    'ada_lovelace',
    'ampere',
    'turing',
    'volta',
    'consumer_blackwell',
    'fermi',
    'kepler',
    'maxwell',
    'pascal',
    'rubin',
    'gcn',
    'vega',
    'cdna',
    'cdna2',
    'cdna3',
    'cdna4',
    'rdna',
    'rdna2',
    'rdna3',
    'rdna4',
    'gaudi',
    'gaudi2',
    'gaudi3',
    'xe_hpg',
    'xe_hpc',
    'xe2',
    'other'
);
comment on type cloudgpus.gpu_architecture is
    'Generation of the chip, of any vendor; consumer_blackwell is GeForce RTX 50, RTX PRO Blackwell is blackwell';

create type cloudgpus.availability_status as enum (
    'available',
    'limited',
    'waitlist',
    'sold_out',
    'contact_sales',
    'deprecated'
);
comment on type cloudgpus.availability_status is
    'What the provider says about an offer; deprecated only where the provider itself says so, never for being stale';

create type cloudgpus.scrape_status as enum ('pending', 'running', 'completed', 'failed', 'timeout', 'rate_limited');
comment on type cloudgpus.scrape_status is 'How a provider''s run went';

create type cloudgpus.benchmark_workload as enum (
    'llm_training',
    'llm_inference',
    'image_generation',
    'video_generation',
    'fine_tuning',
    'embedding',
    'scientific_computing'
);
comment on type cloudgpus.benchmark_workload is 'The workload a benchmark measures';

create type cloudgpus.provider_term_field as enum (
    'billing_step',
    'minimum_rental',
    'compute_stopped',
    'storage_running',
    'storage_stopped',
    'egress',
    'egress_included',
    'ingress',
    'public_ip',
    'spot_notice',
    'sla_uptime'
);

insert into cloudgpus.schema_migrations (id) values ('0001_schema');
