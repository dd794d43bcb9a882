-- Current offers, and when each was last seen.

create table cloudgpus.instances (
    id uuid primary key default gen_random_uuid(),

    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    instance_type varchar(100) not null,
    region varchar(60) not null default '',
    instance_name varchar(150),

    gpu_count smallint not null default 1,
    gpu_share numeric(6,4) not null default 1,
    size_stated boolean not null default true,

    price_per_hour numeric(10,4),
    price_per_hour_spot numeric(10,4),
    price_per_month numeric(12,2),
    price_per_hour_reserved_1y numeric(10,4),
    price_per_hour_reserved_3y numeric(10,4),

    price_per_gpu_hour numeric
        generated always as (cloudgpus.price_per_gpu_hour(price_per_hour, gpu_count, gpu_share)) stored,
    price_per_vram_gb_hour numeric(12,6),

    price_includes jsonb default '{}'::jsonb,
    price_basis text not null default 'complete',
    currency varchar(3) not null default 'USD',
    original_price_per_hour numeric(16,6),
    original_price_per_hour_spot numeric(16,6),
    original_price_per_month numeric(16,6),
    original_price_per_hour_reserved_1y numeric(16,6),
    original_price_per_hour_reserved_3y numeric(16,6),
    exchange_rate numeric(18,8) not null default 1,
    exchange_rate_date date,

    vcpu_count smallint,
    ram_gb numeric(10,2),
    storage_type varchar(30),
    storage_gb integer,
    network_bandwidth_gbps numeric(8,2),

    has_nvlink boolean default false,
    has_infiniband boolean default false,
    infiniband_bandwidth_gbps integer,

    availability_status cloudgpus.availability_status not null default 'available',
    availability_stated boolean not null default true,
    available_regions text[],
    min_rental_hours smallint default 1,
    max_rental_hours integer,

    billing_increment_seconds integer default 3600,
    setup_fee numeric(10,2) default 0,

    upstream varchar(60),
    instance_url varchar(500),
    offers_merged integer not null default 1,

    raw_data jsonb,
    source_url varchar(2000),
    last_scraped_at timestamptz not null default now(),
    scrape_job_id uuid references cloudgpus.scrape_jobs (id) on delete restrict,
    is_recorded boolean not null default false,

    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint instances_price_positive check (price_per_hour > 0),
    constraint instances_gpu_count_positive check (gpu_count > 0),
    constraint instances_spot_price_valid check (price_per_hour_spot is null or price_per_hour_spot > 0),
    constraint instances_other_prices_positive
        check (price_per_month > 0 and price_per_hour_reserved_1y > 0 and price_per_hour_reserved_3y > 0),
    constraint instances_has_a_price check (
        availability_status = 'contact_sales'
        or num_nonnulls(
            price_per_hour,
            price_per_hour_spot,
            price_per_month,
            price_per_hour_reserved_1y,
            price_per_hour_reserved_3y
        ) > 0
    ),
    constraint instances_share_of_one_gpu
        check (gpu_share > 0 and gpu_share <= 1 and (gpu_share = 1 or gpu_count = 1)),
    constraint instances_price_basis_known check (price_basis in ('complete', 'gpu_only', 'bundle')),
    constraint instances_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint instances_originals_kept check (
        currency = 'USD'
        or (
            (price_per_hour is null) = (original_price_per_hour is null)
            and (price_per_hour_spot is null) = (original_price_per_hour_spot is null)
            and (price_per_month is null) = (original_price_per_month is null)
            and (price_per_hour_reserved_1y is null) = (original_price_per_hour_reserved_1y is null)
            and (price_per_hour_reserved_3y is null) = (original_price_per_hour_reserved_3y is null)
        )
    ),
    constraint instances_numbers check ('NaN' <> all (array[
        price_per_hour, price_per_hour_spot, price_per_month, price_per_hour_reserved_1y, price_per_hour_reserved_3y,
        original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
        original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y,
        price_per_vram_gb_hour, gpu_share, exchange_rate, ram_gb, network_bandwidth_gbps, setup_fee
    ])),

    constraint instances_provider_type_unique unique (provider_id, instance_type, region)
);

create index idx_instances_gpu_model on cloudgpus.instances (gpu_model_id);
create index idx_instances_provider on cloudgpus.instances (provider_id);
create index idx_instances_active on cloudgpus.instances (is_active) where is_active = true;
create index idx_instances_availability on cloudgpus.instances (availability_status)
    where availability_status = 'available';
create index idx_instances_regions_gin on cloudgpus.instances using gin (available_regions);
create index idx_instances_provider_gpu on cloudgpus.instances (provider_id, gpu_model_id);
create index idx_instances_price on cloudgpus.instances (price_per_gpu_hour);
create index idx_instances_gpu_price on cloudgpus.instances (gpu_model_id, price_per_gpu_hour) where is_active = true;
create index idx_instances_provider_active on cloudgpus.instances (provider_id, is_active, price_per_gpu_hour)
    where is_active = true;
create index idx_instances_compare_query on cloudgpus.instances (gpu_model_id, provider_id, price_per_gpu_hour)
    where is_active = true;

-- Vacuum after 5% and not 20% of changes; its pace is left at the default, which is faster than 10 ms since PostgreSQL 12.
-- The free space keeps a changed row on its page.
alter table cloudgpus.instances set (
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.02,
    fillfactor = 80
);

comment on table cloudgpus.instances is
    'Offers: one instance type of one provider in one region, as last seen. Written only when an offer changes';
comment on column cloudgpus.instances.instance_type is 'The provider''s own name for the configuration, verbatim';
comment on column cloudgpus.instances.region is
    'The provider''s code, verbatim; empty: the same price everywhere in available_regions. Part of the offer''s key';
comment on column cloudgpus.instances.gpu_share is 'Below 1: a slice of one GPU, shown as such, unranked and in no statistic';
comment on column cloudgpus.instances.size_stated is
    'False: a price per GPU, of machines whose size the answer does not state; gpu_count is 1 then, and is not a size';
comment on column cloudgpus.instances.price_per_hour is
    'US dollars per hour for the whole instance (all its GPUs), on demand, before tax; null where it is not sold on demand';
comment on column cloudgpus.instances.price_per_hour_spot is 'US dollars per hour for the whole instance, interruptible';
comment on column cloudgpus.instances.price_per_month is 'US dollars per month for the whole instance';
comment on column cloudgpus.instances.price_per_hour_reserved_1y is 'US dollars per hour for the whole instance, committed for a year';
comment on column cloudgpus.instances.price_per_hour_reserved_3y is 'US dollars per hour for the whole instance, committed for 3 years';
comment on column cloudgpus.instances.price_per_gpu_hour is
    'What prices are compared by: price_per_hour / (gpu_count * gpu_share), unrounded';
comment on column cloudgpus.instances.price_per_vram_gb_hour is
    'US dollars per hour and GB of GPU memory; maintained by triggers here and on gpu_models';
comment on column cloudgpus.instances.price_includes is 'What the price covers: {"infiniband": true, "storage_gb": 100}';
comment on column cloudgpus.instances.price_basis is
    'complete: a whole machine; gpu_only: CPU, memory or disk cost extra; bundle: includes more than a machine. Only complete ones are ranked';
comment on column cloudgpus.instances.currency is 'What the provider charges in; the price columns are in US dollars all the same';
comment on column cloudgpus.instances.original_price_per_hour is
    'price_per_hour as charged, in currency; the original amounts decide whether a price changed';
comment on column cloudgpus.instances.exchange_rate is 'US dollars per unit of currency, at which the price columns were converted';
comment on column cloudgpus.instances.exchange_rate_date is 'The day of that rate; null for US dollars';
comment on column cloudgpus.instances.availability_stated is 'False: the answer states none, and availability_status is an assumption';
comment on column cloudgpus.instances.upstream is
    'The cloud behind a reseller''s offer, where the answer names it: its slug if it is in providers, else its name';
comment on column cloudgpus.instances.offers_merged is 'How many offers of the same type and region the answer had; this is the cheapest';
comment on column cloudgpus.instances.raw_data is 'The offer in the answer at its last change; the whole answer is in captures';
comment on column cloudgpus.instances.last_scraped_at is 'When the offer was first seen as it is now: the observation''s time';
comment on column cloudgpus.instances.scrape_job_id is 'The job that last changed the row';
comment on column cloudgpus.instances.is_recorded is 'True: known only from a shipped recording, never from a live answer';
comment on column cloudgpus.instances.is_active is 'False: a complete answer no longer had it, or it was not confirmed for too long';
comment on column cloudgpus.instances.updated_at is
    'When something the provider states changed; scrape stamps and exchange rates do not move it';

create table cloudgpus.confirmations (
    instance_id uuid primary key references cloudgpus.instances (id) on delete restrict,
    last_confirmed_at timestamptz not null,
    scrape_job_id uuid references cloudgpus.scrape_jobs (id) on delete restrict
)
with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

comment on table cloudgpus.confirmations is
    'When each offer was last seen as it is now; a table of its own, so that seeing it again rewrites 40 bytes and no index';
comment on column cloudgpus.confirmations.scrape_job_id is 'The job that saw it; its captures are the price''s evidence';

create trigger update_instances_timestamp
    before update on cloudgpus.instances
    for each row execute function cloudgpus.update_instance_timestamp();

-- An update of other columns need not look up the memory size.
create trigger compute_instance_price_per_vram
    before update on cloudgpus.instances
    for each row when (
        old.price_per_hour is distinct from new.price_per_hour
        or old.gpu_count <> new.gpu_count
        or old.gpu_share <> new.gpu_share
        or old.gpu_model_id <> new.gpu_model_id
        or old.price_per_vram_gb_hour is distinct from new.price_per_vram_gb_hour
    )
    execute function cloudgpus.compute_price_per_vram();

create trigger compute_instance_price_per_vram_insert
    before insert on cloudgpus.instances
    for each row execute function cloudgpus.compute_price_per_vram();

create trigger recompute_instances_price_per_vram
    after update of vram_gb on cloudgpus.gpu_models
    for each row when (old.vram_gb is distinct from new.vram_gb)
    execute function cloudgpus.recompute_price_per_vram();

create trigger track_provider_price_update
    after update on cloudgpus.instances
    referencing new table as new_rows
    for each statement execute function cloudgpus.update_provider_last_price_update();

create trigger track_provider_price_update_insert
    after insert on cloudgpus.instances
    referencing new table as new_rows
    for each statement execute function cloudgpus.update_provider_last_price_update();

insert into cloudgpus.schema_migrations (id) values ('0005_offers');
