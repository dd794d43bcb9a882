-- From when to when each price stood: segments, in a partition for every month (at UTC).

create table cloudgpus.price_history (
    id uuid not null default gen_random_uuid(),

    instance_id uuid not null references cloudgpus.instances (id) on delete restrict,
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    price_per_hour numeric(10,4),
    price_per_gpu_hour numeric(12,4),
    price_per_hour_spot numeric(10,4),
    price_per_month numeric(12,2),
    price_per_hour_reserved_1y numeric(10,4),
    price_per_hour_reserved_3y numeric(10,4),
    availability_status cloudgpus.availability_status not null,
    gpu_count smallint not null,
    gpu_share numeric(6,4) not null default 1,

    currency varchar(3) not null default 'USD',
    original_price_per_hour numeric(16,6),
    original_price_per_hour_spot numeric(16,6),
    original_price_per_month numeric(16,6),
    original_price_per_hour_reserved_1y numeric(16,6),
    original_price_per_hour_reserved_3y numeric(16,6),

    is_recorded boolean not null default false,
    is_active boolean not null default true,

    recorded_at timestamptz not null default now(),
    valid_to timestamptz,
    last_confirmed_at timestamptz,
    scrape_job_id uuid,

    recorded_month date generated always as (date_trunc('month', recorded_at at time zone 'UTC')::date) stored,

    primary key (id, recorded_at),
    constraint price_history_in_order check (valid_to >= recorded_at),
    constraint price_history_closed_whole check ((valid_to is null) = (last_confirmed_at is null)),
    constraint price_history_has_a_price check (
        availability_status = 'contact_sales'
        or num_nonnulls(
            price_per_hour,
            price_per_hour_spot,
            price_per_month,
            price_per_hour_reserved_1y,
            price_per_hour_reserved_3y
        ) > 0
    )
) partition by range (recorded_at);

create table cloudgpus.price_history_default partition of cloudgpus.price_history default;

create index idx_price_history_gpu_agg on cloudgpus.price_history (gpu_model_id, recorded_at desc)
    include (provider_id, instance_id, price_per_gpu_hour, valid_to);
create index idx_price_history_provider_time on cloudgpus.price_history (provider_id, recorded_at desc);
create index idx_price_history_instance_time on cloudgpus.price_history (instance_id, recorded_at desc);
create index idx_price_history_brin on cloudgpus.price_history using brin (recorded_at);
create index idx_price_history_open on cloudgpus.price_history (instance_id) where valid_to is null;

comment on table cloudgpus.price_history is
    'Price segments: a price stood from recorded_at until valid_to. Between two segments nobody looked, or nothing was offered';
comment on column cloudgpus.price_history.price_per_hour is
    'As in instances: US dollars for the whole instance, at the exchange rate of recorded_at';
comment on column cloudgpus.price_history.original_price_per_hour is
    'In currency, null for US dollars; a trend converts it at each day''s rate';
comment on column cloudgpus.price_history.recorded_at is 'When the price was first seen so: the observation''s time';
comment on column cloudgpus.price_history.valid_to is
    'Until when it stood: the next observation where that came in time, else the last confirmation; null while it stands';
comment on column cloudgpus.price_history.last_confirmed_at is
    'When it was last seen; null while it stands (confirmations knows then)';
comment on column cloudgpus.price_history.is_active is
    'False marks a disappearance: a row of no length (valid_to = recorded_at) at the time of the answer that no longer had the offer';
comment on column cloudgpus.price_history.scrape_job_id is
    'The job that saw it first; no foreign key, since history outlives the log of jobs';
comment on column cloudgpus.price_history.recorded_month is 'First day of the month, at UTC';
comment on table cloudgpus.price_history_default is
    'Stays empty: ensure_price_history_partitions() makes a partition before a row needs it';

create function cloudgpus.ensure_price_history_partitions(first timestamptz, last timestamptz) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    month timestamp := date_trunc('month', first at time zone 'UTC');
    partition text;
    created integer := 0;
begin
    while month <= last at time zone 'UTC' loop
        partition := to_char(month, '"price_history_"YYYY"_"MM');
        if to_regclass(format('cloudgpus.%I', partition)) is null then
            -- Two runs in a new month: the second finds it made.
            perform pg_advisory_xact_lock(hashtextextended('cloudgpus.price_history', 0));
            -- Read from the catalogue: to_regclass would answer from what was cached before the wait.
            if not exists (
                select
                from pg_class
                where relname = partition and relnamespace = 'cloudgpus'::regnamespace
            ) then
                -- Storage settings and row-level security don't pass from the table to its partitions.
                execute format(
                    'create table cloudgpus.%I partition of cloudgpus.price_history for values from (%L) to (%L)'
                    ' with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05)',
                    partition,
                    to_char(month, 'YYYY-MM-DD "00:00:00+00"'),
                    to_char(month + interval '1 month', 'YYYY-MM-DD "00:00:00+00"')
                );
                execute format('alter table cloudgpus.%I enable row level security', partition);
                created := created + 1;
            end if;
        end if;
        month := month + interval '1 month';
    end loop;
    return created;
end $$;

comment on function cloudgpus.ensure_price_history_partitions(timestamptz, timestamptz) is
    'Makes the missing monthly partitions from first to last, both included; returns how many it made';

insert into cloudgpus.schema_migrations (id) values ('0005_price_history');
