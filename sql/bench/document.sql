-- The schema that ours is measured against, as the first draft has it (an ordinary price_history,
-- triggers for each row, an index for each query).  Names, types, constraints, indexes, storage settings and triggers are
-- as specified; only recorded_month is computed in UTC, without which the table can't be created.  What nothing here
-- touches is left out: the extensions (a slim PostgreSQL lacks them), benchmarks, content and the cleaning up.

create schema cloudgpus;

create type cloudgpus.reliability_tier as enum ('enterprise', 'standard', 'community');
create type cloudgpus.provider_type as enum (
    'specialized_neocloud', 'hyperscaler', 'regional_cloud', 'marketplace', 'depin', 'bare_metal'
);
create type cloudgpus.gpu_architecture as enum (
    'blackwell', 'hopper', 'ada_lovelace', 'ampere', 'turing', 'volta', 'consumer_blackwell'
);
create type cloudgpus.availability_status as enum (
    'available', 'limited', 'waitlist', 'sold_out', 'contact_sales', 'deprecated'
);
create type cloudgpus.scrape_status as enum ('pending', 'running', 'completed', 'failed', 'timeout', 'rate_limited');

create table cloudgpus.gpu_models (
    id uuid primary key default gen_random_uuid(),
    slug varchar(50) not null unique,
    name varchar(100) not null,
    short_name varchar(30) not null,
    manufacturer varchar(50) not null default 'NVIDIA',
    architecture cloudgpus.gpu_architecture not null,
    vram_gb smallint not null,
    memory_type varchar(20) not null,
    memory_bandwidth_gbps integer,
    tdp_watts smallint,
    fp64_tflops numeric(6,2),
    fp32_tflops numeric(6,2),
    fp16_tflops numeric(7,2),
    fp8_tflops numeric(7,2),
    int8_tops numeric(7,2),
    form_factor varchar(20),
    interconnect varchar(30),
    is_datacenter boolean not null default true,
    is_consumer boolean not null default false,
    generation_year smallint,
    description text,
    use_cases text[],
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint gpu_vram_positive check (vram_gb > 0),
    constraint gpu_bandwidth_positive check (memory_bandwidth_gbps is null or memory_bandwidth_gbps > 0),
    constraint gpu_tdp_positive check (tdp_watts is null or tdp_watts > 0)
);
create index idx_gpu_models_architecture on cloudgpus.gpu_models (architecture);
create index idx_gpu_models_vram on cloudgpus.gpu_models (vram_gb);
create index idx_gpu_models_slug on cloudgpus.gpu_models (slug);

create table cloudgpus.providers (
    id uuid primary key default gen_random_uuid(),
    slug varchar(50) not null unique,
    name varchar(100) not null,
    display_name varchar(100) not null,
    provider_type cloudgpus.provider_type not null,
    reliability_tier cloudgpus.reliability_tier not null,
    headquarters_country varchar(3),
    founded_year smallint,
    website_url varchar(255) not null,
    pricing_url varchar(255),
    docs_url varchar(255),
    status_page_url varchar(255),
    api_base_url varchar(255),
    api_auth_type varchar(50),
    has_public_api boolean not null default false,
    api_rate_limit_rpm integer,
    affiliate_url varchar(500),
    affiliate_program_name varchar(100),
    affiliate_commission_percent numeric(4,2),
    affiliate_cookie_days smallint,
    sla_uptime_percent numeric(5,2),
    supports_spot_instances boolean default false,
    supports_reserved_instances boolean default false,
    supports_bare_metal boolean default false,
    min_billing_increment_seconds integer,
    available_regions text[],
    description text,
    pros text[],
    cons text[],
    best_for text[],
    logo_url varchar(255),
    brand_color varchar(7),
    is_active boolean not null default true,
    last_price_update timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint provider_sla_range check (sla_uptime_percent is null or (sla_uptime_percent >= 0 and sla_uptime_percent <= 100)),
    constraint provider_affiliate_commission_range check (
        affiliate_commission_percent is null
        or (affiliate_commission_percent >= 0 and affiliate_commission_percent <= 100)
    )
);
create index idx_providers_type on cloudgpus.providers (provider_type);
create index idx_providers_tier on cloudgpus.providers (reliability_tier);
create index idx_providers_active on cloudgpus.providers (is_active) where is_active = true;
create index idx_providers_slug on cloudgpus.providers (slug);

create table cloudgpus.instances (
    id uuid primary key default gen_random_uuid(),
    provider_id uuid not null references cloudgpus.providers (id) on delete cascade,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete cascade,
    instance_type varchar(100) not null,
    instance_name varchar(150),
    gpu_count smallint not null default 1,
    price_per_hour numeric(10,4) not null,
    price_per_hour_spot numeric(10,4),
    price_per_month numeric(12,2),
    price_per_hour_reserved_1y numeric(10,4),
    price_per_hour_reserved_3y numeric(10,4),
    price_per_gpu_hour numeric(10,4) generated always as (price_per_hour / nullif(gpu_count, 0)) stored,
    price_per_vram_gb_hour numeric(10,6),
    price_includes jsonb default '{}'::jsonb,
    currency varchar(3) not null default 'USD',
    vcpu_count smallint,
    ram_gb smallint,
    storage_type varchar(30),
    storage_gb integer,
    network_bandwidth_gbps numeric(6,2),
    has_nvlink boolean default false,
    has_infiniband boolean default false,
    infiniband_bandwidth_gbps integer,
    availability_status cloudgpus.availability_status not null default 'available',
    available_regions text[],
    min_rental_hours smallint default 1,
    max_rental_hours integer,
    billing_increment_seconds integer default 3600,
    setup_fee numeric(10,2) default 0,
    instance_url varchar(500),
    raw_data jsonb,
    source_url varchar(500),
    last_scraped_at timestamptz not null default now(),
    scrape_job_id uuid,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint instances_price_positive check (price_per_hour > 0),
    constraint instances_gpu_count_positive check (gpu_count > 0),
    constraint instances_spot_price_valid check (price_per_hour_spot is null or price_per_hour_spot > 0),
    constraint instances_provider_type_unique unique (provider_id, instance_type)
);
create index idx_instances_gpu_model on cloudgpus.instances (gpu_model_id);
create index idx_instances_provider on cloudgpus.instances (provider_id);
create index idx_instances_price on cloudgpus.instances (price_per_gpu_hour);
create index idx_instances_active on cloudgpus.instances (is_active) where is_active = true;
create index idx_instances_gpu_price on cloudgpus.instances (gpu_model_id, price_per_gpu_hour) where is_active = true;
create index idx_instances_provider_active on cloudgpus.instances (provider_id, is_active, price_per_gpu_hour)
    where is_active = true;
create index idx_instances_last_scraped on cloudgpus.instances (last_scraped_at);
create index idx_instances_availability on cloudgpus.instances (availability_status)
    where availability_status = 'available';

create table cloudgpus.price_history (
    id uuid primary key default gen_random_uuid(),
    instance_id uuid not null references cloudgpus.instances (id) on delete cascade,
    provider_id uuid not null references cloudgpus.providers (id) on delete cascade,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete cascade,
    price_per_hour numeric(10,4) not null,
    price_per_gpu_hour numeric(10,4) not null,
    price_per_hour_spot numeric(10,4),
    availability_status cloudgpus.availability_status not null,
    gpu_count smallint not null,
    recorded_at timestamptz not null default now(),
    recorded_month date generated always as (date_trunc('month', recorded_at at time zone 'UTC')::date) stored
);
create index idx_price_history_gpu_time on cloudgpus.price_history (gpu_model_id, recorded_at desc);
create index idx_price_history_provider_time on cloudgpus.price_history (provider_id, recorded_at desc);
create index idx_price_history_instance_time on cloudgpus.price_history (instance_id, recorded_at desc);
create index idx_price_history_recorded_at on cloudgpus.price_history (recorded_at);
create index idx_price_history_brin on cloudgpus.price_history using brin (recorded_at);

create table cloudgpus.scrape_jobs (
    id uuid primary key default gen_random_uuid(),
    provider_id uuid not null references cloudgpus.providers (id) on delete cascade,
    status cloudgpus.scrape_status not null default 'pending',
    started_at timestamptz not null default now(),
    completed_at timestamptz,
    duration_ms integer,
    instances_found integer default 0,
    instances_updated integer default 0,
    instances_created integer default 0,
    instances_deactivated integer default 0,
    error_message text,
    error_code varchar(50),
    retry_count smallint default 0,
    request_url varchar(500),
    response_status_code smallint,
    raw_response_size_bytes integer,
    scraper_version varchar(20),
    worker_id varchar(50)
);
create index idx_scrape_jobs_provider on cloudgpus.scrape_jobs (provider_id, started_at desc);
create index idx_scrape_jobs_status on cloudgpus.scrape_jobs (status) where status in ('pending', 'running');
create index idx_scrape_jobs_time on cloudgpus.scrape_jobs (started_at desc);

alter table cloudgpus.instances set (
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 10
);
alter table cloudgpus.price_history set (
    autovacuum_vacuum_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.05,
    fillfactor = 90
);

create function cloudgpus.update_timestamp() returns trigger
language plpgsql
as $$
begin
    new.updated_at = now();
    return new;
end $$;

create trigger update_gpu_models_timestamp
    before update on cloudgpus.gpu_models
    for each row execute function cloudgpus.update_timestamp();
create trigger update_providers_timestamp
    before update on cloudgpus.providers
    for each row execute function cloudgpus.update_timestamp();
create trigger update_instances_timestamp
    before update on cloudgpus.instances
    for each row execute function cloudgpus.update_timestamp();

create function cloudgpus.compute_price_per_vram() returns trigger
language plpgsql
as $$
declare
    v_vram_gb smallint;
begin
    select vram_gb into v_vram_gb
    from cloudgpus.gpu_models
    where id = new.gpu_model_id;

    if v_vram_gb is not null and v_vram_gb > 0 then
        new.price_per_vram_gb_hour = new.price_per_hour / (new.gpu_count * v_vram_gb);
    else
        new.price_per_vram_gb_hour = null;
    end if;
    return new;
end $$;

create trigger compute_instance_price_per_vram
    before insert or update of price_per_hour, gpu_count, gpu_model_id on cloudgpus.instances
    for each row execute function cloudgpus.compute_price_per_vram();

create function cloudgpus.record_price_history() returns trigger
language plpgsql
as $$
begin
    if tg_op = 'INSERT'
        or old.price_per_hour is distinct from new.price_per_hour
        or old.price_per_hour_spot is distinct from new.price_per_hour_spot
        or old.availability_status is distinct from new.availability_status
    then
        insert into cloudgpus.price_history (
            instance_id, provider_id, gpu_model_id, price_per_hour, price_per_gpu_hour, price_per_hour_spot,
            availability_status, gpu_count, recorded_at
        ) values (
            new.id, new.provider_id, new.gpu_model_id, new.price_per_hour, new.price_per_gpu_hour,
            new.price_per_hour_spot, new.availability_status, new.gpu_count, now()
        );
    end if;
    return new;
end $$;

create trigger record_instance_price_history
    after insert or update on cloudgpus.instances
    for each row execute function cloudgpus.record_price_history();

create function cloudgpus.update_provider_last_price_update() returns trigger
language plpgsql
as $$
begin
    update cloudgpus.providers
    set last_price_update = now()
    where id = new.provider_id;
    return new;
end $$;

create trigger track_provider_price_update
    after insert or update on cloudgpus.instances
    for each row execute function cloudgpus.update_provider_last_price_update();

create function cloudgpus.validate_depin_uptime() returns trigger
language plpgsql
as $$
begin
    if new.provider_type = 'depin' and new.sla_uptime_percent is not null and new.sla_uptime_percent < 95 then
        raise notice 'DePIN provider % has uptime below 95%% threshold', new.name;
    end if;
    return new;
end $$;

create trigger validate_depin_provider_uptime
    before insert or update on cloudgpus.providers
    for each row execute function cloudgpus.validate_depin_uptime();
