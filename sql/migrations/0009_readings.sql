-- Prices read by others (readings), which name the GPU but not the instance type, and where they differ from ours.

create table cloudgpus.reference_sources (
    id smallint primary key,
    slug text not null unique,
    name text not null,
    url text not null,
    licence text not null,
    attribution text not null,
    cadence interval not null
);

comment on table cloudgpus.reference_sources is 'Who published the readings, under which licence, and how they want to be named';
comment on column cloudgpus.reference_sources.cadence is 'How long a reading counts at most; after that there is a gap';

create table cloudgpus.reference_history (
    source_id smallint not null references cloudgpus.reference_sources (id) on delete restrict,
    provider text not null,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    pricing_type text not null,
    price_per_gpu_hour numeric(12,6) not null,
    observed_at timestamptz not null,
    region text not null default '',
    gpu_count smallint,
    price_basis text default 'complete',

    constraint reference_history_unique unique nulls not distinct
        (gpu_model_id, pricing_type, source_id, provider, region, gpu_count, observed_at),
    constraint reference_history_price_positive check (price_per_gpu_hour > 0),
    constraint reference_history_pricing_type_known
        check (pricing_type in ('on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y')),
    constraint reference_history_price_basis_known check (price_basis in ('complete', 'gpu_only', 'bundle')),
    constraint reference_history_numbers check (price_per_gpu_hour <> 'NaN')
);

comment on table cloudgpus.reference_history is
    'Readings from reference_sources: labelled series of their own in charts, never mixed with our observations';
comment on column cloudgpus.reference_history.provider is 'The provider''s slug, whether or not providers has it';
comment on column cloudgpus.reference_history.price_per_gpu_hour is 'US dollars per GPU-hour';
comment on column cloudgpus.reference_history.price_basis is
    'As in instances: only complete readings, of a whole machine, count in a series, floor, median or band; null: not known';

create table cloudgpus.reference_left_out (
    source_id smallint not null references cloudgpus.reference_sources (id) on delete restrict,
    rule text not null,
    readings_n integer not null,

    primary key (source_id, rule),

    constraint reference_left_out_counts check (readings_n > 0)
);

comment on table cloudgpus.reference_left_out is
    'How many readings of a source are not in reference_history, by the rule that left them out';

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
    constraint disagreements_judged_by_verdict check (state <> 'judged' or verdict is not null),
    constraint disagreements_numbers check ('NaN' <> all (array[
        price_per_gpu_hour, reading_price_per_gpu_hour, ratio, judged_price_per_gpu_hour, judged_reading_price_per_gpu_hour
    ]))
);

comment on table cloudgpus.disagreements is
    'Where a reading of about the same day contradicts one of our prices: a row for each series of readings, with the '
    'figures as last seen';
comment on column cloudgpus.disagreements.region is
    'The reading''s; empty: it names none, and is compared with the lowest price of all regions';
comment on column cloudgpus.disagreements.gpu_count is
    'The reading''s; null: it states none, and is compared with machines of any size';
comment on column cloudgpus.disagreements.price_per_gpu_hour is 'Ours, US dollars per GPU-hour: the cheapest ranked offer';
comment on column cloudgpus.disagreements.observed_at is 'When ours was last confirmed';
comment on column cloudgpus.disagreements.reading_price_per_gpu_hour is 'Theirs, US dollars per GPU-hour';
comment on column cloudgpus.disagreements.ratio is 'Theirs divided by ours: 1.2 is a reading 20% higher';
comment on column cloudgpus.disagreements.first_seen_run is 'The run that first saw it since it was last settled';
comment on column cloudgpus.disagreements.state is
    'open: no verdict, or one on other figures; judged; settled: at the last run the two agreed, or one was missing';
comment on column cloudgpus.disagreements.verdict is
    'ours: our price is right; theirs: the reading is; both: both are, for different products or days; neither: neither '
    'could be confirmed. Kept when the figures change or agree; it applies again to figures like those judged';
comment on column cloudgpus.disagreements.reason is 'Why; the site shows it';
comment on column cloudgpus.disagreements.judged_price_per_gpu_hour is 'Ours when it was judged';

insert into cloudgpus.schema_migrations (id) values ('0009_readings');
