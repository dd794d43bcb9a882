-- What is for rent and by whom: source classes, GPU models with their names, providers, exchange rates.

create table cloudgpus.source_classes (
    source_class text primary key,
    fresh_for interval not null,
    expires_after interval not null,
    maximum_gap interval not null,

    constraint source_classes_in_order check (fresh_for <= expires_after and fresh_for > interval '0')
);

comment on table cloudgpus.source_classes is 'How long a price of each kind of source counts';
comment on column cloudgpus.source_classes.fresh_for is 'A price confirmed within this is fresh; later it is aging';
comment on column cloudgpus.source_classes.expires_after is 'A price not confirmed for this long is not shown';
comment on column cloudgpus.source_classes.maximum_gap is
    'A price seen again after longer than this was not watched in between: its history has a gap there';

insert into cloudgpus.source_classes (source_class, fresh_for, expires_after, maximum_gap) values
    ('marketplace_api', interval '2 hours', interval '12 hours', interval '12 hours'),
    ('provider_api', interval '6 hours', interval '48 hours', interval '48 hours'),
    ('price_page', interval '24 hours', interval '7 days', interval '7 days'),
    ('stated', interval '30 days', interval '180 days', interval '180 days');

create table cloudgpus.gpu_models (
    id uuid primary key default gen_random_uuid(),

    slug varchar(50) not null unique,
    name varchar(100) not null,
    short_name varchar(50) not null,
    manufacturer varchar(50) not null default 'NVIDIA',
    kind text not null default 'variant',
    chip varchar(50),

    architecture cloudgpus.gpu_architecture not null,
    vram_gb smallint,
    memory_type varchar(40),
    memory_bandwidth_gbps integer,
    tdp_watts smallint,

    fp64_tflops numeric(8,2),
    fp32_tflops numeric(8,2),
    fp16_tflops numeric(8,2),
    fp8_tflops numeric(8,2),
    int8_tops numeric(8,2),
    fp16_sparse_tflops numeric(8,2),
    fp8_sparse_tflops numeric(8,2),
    fp16_acc16_tflops numeric(8,2),

    form_factor varchar(40),
    interconnect varchar(80),

    is_datacenter boolean not null default true,
    is_consumer boolean not null default false,
    generation_year smallint,

    description text,
    use_cases text[],
    spec_source varchar(500),
    notes text,

    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint gpu_vram_positive check (vram_gb > 0),
    constraint gpu_bandwidth_positive check (memory_bandwidth_gbps is null or memory_bandwidth_gbps > 0),
    constraint gpu_tdp_positive check (tdp_watts is null or tdp_watts > 0),
    constraint gpu_kind_known check (kind in ('variant', 'chip')),
    constraint gpu_chip_is_its_own check (kind <> 'chip' or chip = slug),
    constraint gpu_variant_has_memory check (kind = 'chip' or (vram_gb is not null and memory_type is not null))
);

create index idx_gpu_models_architecture on cloudgpus.gpu_models (architecture);
create index idx_gpu_models_vram on cloudgpus.gpu_models (vram_gb);
create index idx_gpu_models_slug on cloudgpus.gpu_models (slug);
create index idx_gpu_models_chip on cloudgpus.gpu_models (chip);

comment on table cloudgpus.gpu_models is 'GPU variants (chip, form factor and memory) and chips, with their specifications';
comment on column cloudgpus.gpu_models.slug is 'Names the page: /gpu/h100-sxm/';
comment on column cloudgpus.gpu_models.short_name is 'For tables and headings: H100 SXM';
comment on column cloudgpus.gpu_models.manufacturer is 'The vendor: who makes the GPU';
comment on column cloudgpus.gpu_models.kind is
    'variant: a product one can rent; chip: stands for offers that name the chip but not its form factor';
comment on column cloudgpus.gpu_models.chip is 'Slug of the chip, the same for all its variants; a chip''s own slug';
comment on column cloudgpus.gpu_models.vram_gb is 'GB that one GPU has usable; null only for a chip sold with several sizes';
comment on column cloudgpus.gpu_models.memory_bandwidth_gbps is 'GB per second, of one GPU';
comment on column cloudgpus.gpu_models.tdp_watts is 'Watts, of one GPU';
comment on column cloudgpus.gpu_models.fp64_tflops is 'Peak TFLOPS of one GPU, not tensor cores';
comment on column cloudgpus.gpu_models.fp32_tflops is 'Peak TFLOPS of one GPU, not tensor cores';
comment on column cloudgpus.gpu_models.fp16_tflops is 'Peak tensor TFLOPS of one GPU: dense, accumulating in FP32';
comment on column cloudgpus.gpu_models.fp8_tflops is 'Peak tensor TFLOPS of one GPU: dense, accumulating in FP32';
comment on column cloudgpus.gpu_models.int8_tops is 'Peak tensor TOPS of one GPU: dense';
comment on column cloudgpus.gpu_models.fp16_sparse_tflops is 'With structured sparsity, only where the vendor states it';
comment on column cloudgpus.gpu_models.fp8_sparse_tflops is 'With structured sparsity, only where the vendor states it';
comment on column cloudgpus.gpu_models.fp16_acc16_tflops is 'Dense, accumulating in FP16, only where the vendor states it';
comment on column cloudgpus.gpu_models.spec_source is 'The document the specifications are from';
comment on column cloudgpus.gpu_models.is_active is 'False retires it; rows that history refers to are never deleted';

create table cloudgpus.gpu_aliases (
    alias text not null,
    memory_gb numeric(8,2),
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    constraint gpu_aliases_unique unique nulls not distinct (alias, memory_gb),
    constraint gpu_aliases_not_empty check (alias <> '')
);

create index idx_gpu_aliases_gpu on cloudgpus.gpu_aliases (gpu_model_id);

comment on table cloudgpus.gpu_aliases is 'The names under which providers sell each GPU';
comment on column cloudgpus.gpu_aliases.alias is 'The name in its normalised spelling';
comment on column cloudgpus.gpu_aliases.memory_gb is 'The alias means this GPU where the offer states this memory; null: whatever it states';

create table cloudgpus.providers (
    id uuid primary key default gen_random_uuid(),

    slug varchar(50) not null unique,
    name varchar(100) not null,
    display_name varchar(100) not null,

    provider_type cloudgpus.provider_type not null,
    reliability_tier cloudgpus.reliability_tier not null,
    source_class text not null default 'provider_api'
        references cloudgpus.source_classes (source_class) on delete restrict,

    headquarters_country varchar(3),
    founded_year smallint,

    website_url varchar(255) not null,
    pricing_url varchar(500),
    docs_url varchar(500),
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

    constraint provider_sla_range
        check (sla_uptime_percent is null or (sla_uptime_percent >= 0 and sla_uptime_percent <= 100)),
    constraint provider_affiliate_commission_range check (
        affiliate_commission_percent is null
        or (affiliate_commission_percent >= 0 and affiliate_commission_percent <= 100)
    )
);

create index idx_providers_type on cloudgpus.providers (provider_type);
create index idx_providers_tier on cloudgpus.providers (reliability_tier);
create index idx_providers_active on cloudgpus.providers (is_active) where is_active = true;
create index idx_providers_slug on cloudgpus.providers (slug);
create index idx_providers_slug_covering on cloudgpus.providers (slug)
    include (id, name, display_name, provider_type, reliability_tier);

comment on table cloudgpus.providers is 'Who rents out GPUs, with affiliate and API facts that are not shown to the public';
comment on column cloudgpus.providers.slug is 'Names the page: /provider/lambda-labs/';
comment on column cloudgpus.providers.display_name is 'The short name, for tables';
comment on column cloudgpus.providers.source_class is 'What kind of source its prices come from; sets how long they count as fresh';
comment on column cloudgpus.providers.headquarters_country is 'ISO 3166-1 alpha-3: DEU';
comment on column cloudgpus.providers.sla_uptime_percent is
    'Uptime promised; a DePIN provider below 95 is left out of the main comparison, one that promises none is not';
comment on column cloudgpus.providers.min_billing_increment_seconds is '1 is per second, 3600 per hour';
comment on column cloudgpus.providers.brand_color is '#rrggbb';
comment on column cloudgpus.providers.is_active is 'False retires it; rows that history refers to are never deleted';
comment on column cloudgpus.providers.last_price_update is 'When an offer of it was last seen to change; maintained by a trigger';

create table cloudgpus.exchange_rates (
    currency char(3) not null,
    rate_date date not null,
    usd_per_unit numeric(18,8) not null,
    source text not null,

    primary key (currency, rate_date),
    constraint exchange_rates_positive check (usd_per_unit > 0)
);

comment on table cloudgpus.exchange_rates is 'What a unit of each currency was worth, day by day';
comment on column cloudgpus.exchange_rates.usd_per_unit is 'US dollars for one unit of the currency';

insert into cloudgpus.schema_migrations (id) values ('0002_catalogue');
