-- Providers: how long their prices count, their regions, their terms and what they sell without a price; exchange rates.

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
    'A price seen again after longer than this was not watched in between, and its history has a gap there';

insert into cloudgpus.source_classes (source_class, fresh_for, expires_after, maximum_gap) values
    ('marketplace_api', interval '2 hours', interval '12 hours', interval '12 hours'),
    ('provider_api', interval '6 hours', interval '48 hours', interval '48 hours'),
    ('price_page', interval '24 hours', interval '7 days', interval '7 days'),
    ('stated', interval '30 days', interval '180 days', interval '180 days');

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
    ),
    constraint providers_slug_is_an_address check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    constraint providers_name_is_there check (display_name ~ '\S'),
    constraint providers_numbers check ('NaN' <> all (array[affiliate_commission_percent, sla_uptime_percent]))
);

create index idx_providers_type on cloudgpus.providers (provider_type);
create index idx_providers_tier on cloudgpus.providers (reliability_tier);
create index idx_providers_active on cloudgpus.providers (is_active) where is_active = true;
create index idx_providers_slug on cloudgpus.providers (slug);
create index idx_providers_slug_covering on cloudgpus.providers (slug)
    include (id, name, display_name, provider_type, reliability_tier);

comment on table cloudgpus.providers is 'Who rents out GPUs; facts about affiliate programmes and APIs are not public';
comment on column cloudgpus.providers.slug is 'As in the page''s path: /provider/lambda-labs/';
comment on column cloudgpus.providers.display_name is 'The short name, for tables';
comment on column cloudgpus.providers.source_class is 'The kind of source of its prices; sets how long they count as fresh';
comment on column cloudgpus.providers.headquarters_country is 'ISO 3166-1 alpha-3: DEU';
comment on column cloudgpus.providers.sla_uptime_percent is
    'Promised uptime; a DePIN provider below 95 is left out of the main comparison, one without a promise is not';
comment on column cloudgpus.providers.min_billing_increment_seconds is '1: billed by the second; 3600: by the hour';
comment on column cloudgpus.providers.brand_color is '#rrggbb';
comment on column cloudgpus.providers.is_active is 'False: retired; rows that history refers to are never deleted';
comment on column cloudgpus.providers.last_price_update is 'When one of its offers last changed; maintained by a trigger';

create table cloudgpus.provider_regions (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    region varchar(60) not null,

    name text not null default '',
    country char(2),
    continent text not null,

    source_url varchar(500),
    checked_on date,
    is_active boolean not null default true,

    primary key (provider_id, region),

    constraint provider_regions_country_is_iso check (country ~ '^[A-Z]{2}$'),
    constraint provider_regions_continent_known check (
        continent in ('Africa', 'Antarctica', 'Asia', 'Europe', 'North America', 'Oceania', 'South America')
    ),
    constraint provider_regions_sources_have_a_day check ((source_url is null) = (checked_on is null))
);

create index idx_provider_regions_country on cloudgpus.provider_regions (country) where is_active;

comment on table cloudgpus.provider_regions is
    'The known regions of providers: from dated lists, or from offers whose region code names the country';
comment on column cloudgpus.provider_regions.region is 'The provider''s code, verbatim, as in instances.region';
comment on column cloudgpus.provider_regions.country is
    'ISO 3166-1 alpha-2: DE; null where the code names a continent and no source names the country';
comment on column cloudgpus.provider_regions.source_url is 'The list that has the region; null where its code names the country';
comment on column cloudgpus.provider_regions.is_active is 'False: no list has it any more; past offers may refer to it';

create table cloudgpus.provider_terms (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    field cloudgpus.provider_term_field not null,
    qualifier text not null default '',

    value numeric(18,9),
    word text,
    unit text,
    currency char(3),

    note text not null default '',
    source_url varchar(500) not null,
    checked_on date not null,

    primary key (provider_id, field, qualifier),

    constraint provider_terms_a_number_or_a_word check (num_nonnulls(value, word) = 1),
    constraint provider_terms_not_negative check (value >= 0),
    constraint provider_terms_numbers_have_units check ((value is null) = (unit is null)),
    constraint provider_terms_unit_fits check (
        unit is null
        or case field
            when 'billing_step' then unit = 'seconds'
            when 'minimum_rental' then unit = 'seconds'
            when 'spot_notice' then unit = 'seconds'
            when 'storage_running' then unit in ('per GB-month', 'per GB-hour')
            when 'storage_stopped' then unit in ('per GB-month', 'per GB-hour')
            when 'egress' then unit = 'per GB'
            when 'ingress' then unit = 'per GB'
            when 'egress_included' then unit = 'GB per month'
            when 'public_ip' then unit in ('per hour', 'per month')
            when 'sla_uptime' then unit = 'percent'
            else false
        end
    ),
    constraint provider_terms_money_has_a_currency check ((currency is not null) = (coalesce(unit, '') like 'per %')),
    constraint provider_terms_numbers check (value <> 'NaN')
);

comment on table cloudgpus.provider_terms is
    'What a provider states besides its hourly prices; what is not known has no row';
comment on column cloudgpus.provider_terms.qualifier is
    'Empty for the usual case, else what the term applies to: network volume, Asia, Scale plan';
comment on column cloudgpus.provider_terms.word is
    'Where the term is no number: none, billed, not billed, as running, by host, by plan';
comment on column cloudgpus.provider_terms.unit is
    'A GB is the provider''s own, 10^9 or 2^30 bytes; where the unit begins with "per", the value is an amount of money';
comment on column cloudgpus.provider_terms.checked_on is 'The last day on which the source was seen to say so';

create table cloudgpus.sold_without_price (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    machine_type varchar(100) not null,

    url varchar(500) not null,
    source_url varchar(500) not null,
    checked_on date not null,

    primary key (provider_id, machine_type)
);

create index sold_without_price_gpu on cloudgpus.sold_without_price (gpu_model_id);

comment on table cloudgpus.sold_without_price is
    'Machines that a provider sells and that we know no price of; shown only while there is no offer of the machine type';
comment on column cloudgpus.sold_without_price.url is 'The provider''s page where one can find or ask for the price';
comment on column cloudgpus.sold_without_price.source_url is 'The page that says it is sold, as of checked_on';

create table cloudgpus.exchange_rates (
    currency char(3) not null,
    rate_date date not null,
    usd_per_unit numeric(18,8) not null,
    source text not null,

    primary key (currency, rate_date),
    constraint exchange_rates_positive check (usd_per_unit > 0),
    constraint exchange_rates_numbers check (usd_per_unit <> 'NaN')
);

comment on table cloudgpus.exchange_rates is 'Daily exchange rates to the US dollar';
comment on column cloudgpus.exchange_rates.usd_per_unit is 'US dollars for one unit of the currency';

create trigger update_providers_timestamp
    before update on cloudgpus.providers
    for each row execute function cloudgpus.update_timestamp('last_price_update');

create trigger validate_depin_provider_uptime
    before update on cloudgpus.providers
    for each row when (
        old.provider_type is distinct from new.provider_type
        or old.sla_uptime_percent is distinct from new.sla_uptime_percent
    )
    execute function cloudgpus.validate_depin_uptime();

create trigger validate_depin_provider_uptime_insert
    before insert on cloudgpus.providers
    for each row execute function cloudgpus.validate_depin_uptime();

insert into cloudgpus.schema_migrations (id) values ('0003_providers');
