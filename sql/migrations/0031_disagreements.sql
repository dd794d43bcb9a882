-- Where what others read of a price differs from ours, and what an editor says of it.

create table cloudgpus.disagreements (
    id bigint generated always as identity primary key,
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    pricing_type text not null,
    region text not null default '',
    gpu_count smallint,
    reading_source text not null,

    instance_type varchar(100) not null,
    instance_region varchar(60) not null,
    price_per_gpu_hour numeric not null,
    observed_at timestamptz not null,
    source_url varchar(2000),

    reading_price_per_gpu_hour numeric not null,
    reading_observed_at timestamptz not null,
    reading_url text not null,
    reading_licence text not null,

    ratio numeric generated always as (reading_price_per_gpu_hour / price_per_gpu_hour) stored,
    first_seen_run bigint not null references cloudgpus.runs (id) on delete restrict,
    last_seen timestamptz not null,

    state text not null default 'open',
    verdict text,
    judged_by text,
    judged_at timestamptz,
    reason text,
    judged_price_per_gpu_hour numeric,
    judged_reading_price_per_gpu_hour numeric,

    constraint disagreements_series unique nulls not distinct
        (provider_id, gpu_model_id, pricing_type, region, gpu_count, reading_source),
    constraint disagreements_prices_positive check (price_per_gpu_hour > 0 and reading_price_per_gpu_hour > 0),
    constraint disagreements_pricing_type_known
        check (pricing_type in ('on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y')),
    constraint disagreements_state_known check (state in ('open', 'judged', 'settled')),
    constraint disagreements_verdict_known check (verdict in ('ours', 'theirs', 'both', 'neither')),
    constraint disagreements_verdict_signed check (
        num_nonnulls(
            verdict, judged_by, judged_at, reason, judged_price_per_gpu_hour, judged_reading_price_per_gpu_hour
        ) in (0, 6)
    ),
    constraint disagreements_judged_by_verdict check (state <> 'judged' or verdict is not null)
);

comment on table cloudgpus.disagreements is
    'Prices of ours that a published reading of a like day contradicts: a row for each series of readings, with the figures '
    'as they were when it was last seen';
comment on column cloudgpus.disagreements.region is
    'The reading''s; empty: it names none, and is set beside the lowest price of all regions';
comment on column cloudgpus.disagreements.gpu_count is
    'The reading''s; null: it states none, and is set beside machines of any size';
comment on column cloudgpus.disagreements.price_per_gpu_hour is 'Ours, US dollars per GPU and hour: the cheapest ranked offer';
comment on column cloudgpus.disagreements.observed_at is 'When ours was last confirmed';
comment on column cloudgpus.disagreements.reading_price_per_gpu_hour is 'Theirs, US dollars per GPU and hour';
comment on column cloudgpus.disagreements.ratio is 'Theirs over ours: 1.2 is a reading that is 20 per cent higher';
comment on column cloudgpus.disagreements.first_seen_run is 'The run that saw it first, since it was last settled';
comment on column cloudgpus.disagreements.state is
    'open: no verdict, or one on other figures; judged; settled: at the last run the two agreed, or there were not two';
comment on column cloudgpus.disagreements.verdict is
    'ours: our price is right; theirs: the reading is; both: each is, of different products or days; neither: neither could be '
    'confirmed. Kept when the figures move on or agree; it holds again for figures like those judged';
comment on column cloudgpus.disagreements.reason is 'Why; the site shows it';
comment on column cloudgpus.disagreements.judged_price_per_gpu_hour is 'Ours as it was judged';

alter table cloudgpus.disagreements enable row level security;

create policy shown on cloudgpus.disagreements for select using (
    state <> 'settled'
    and exists (select from cloudgpus.providers where providers.id = disagreements.provider_id and providers.is_active)
);

-- Roles that are not there get no grant.  The public reads neither who judged nor which of our addresses was read.
do $$
declare
    reader text;
begin
    revoke all on cloudgpus.disagreements from public;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on cloudgpus.disagreements from %I', reader);
        execute format('grant select (
            id, provider_id, gpu_model_id, pricing_type, region, gpu_count,
            instance_type, instance_region, price_per_gpu_hour, observed_at,
            reading_source, reading_url, reading_licence, reading_price_per_gpu_hour, reading_observed_at,
            ratio, last_seen, state, verdict, judged_at, reason
        ) on cloudgpus.disagreements to %I', reader);
    end loop;

    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.disagreements to service_role using (true) with check (true);
    end if;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('postgres', 'service_role') loop
        continue when reader = current_user;
        execute format('grant all on cloudgpus.disagreements to %I', reader);
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0031_disagreements');
