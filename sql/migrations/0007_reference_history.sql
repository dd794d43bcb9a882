-- Price readings that others published, which know the GPU but not the instance type.

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
comment on column cloudgpus.reference_sources.cadence is 'A reading holds at most so long; after that there is a gap';

create table cloudgpus.reference_history (
    source_id smallint not null references cloudgpus.reference_sources (id) on delete restrict,
    provider text not null,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    pricing_type text not null,
    price_per_gpu_hour numeric(12,6) not null,
    observed_at timestamptz not null,
    region text not null default '',
    gpu_count smallint,

    constraint reference_history_unique unique nulls not distinct
        (gpu_model_id, pricing_type, source_id, provider, region, gpu_count, observed_at),
    constraint reference_history_price_positive check (price_per_gpu_hour > 0),
    constraint reference_history_pricing_type_known
        check (pricing_type in ('on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y'))
);

comment on table cloudgpus.reference_history is
    'Readings of reference_sources: a labelled series of their own in charts, never mixed with our observations';
comment on column cloudgpus.reference_history.provider is 'The provider''s slug, whether or not providers has it';
comment on column cloudgpus.reference_history.price_per_gpu_hour is 'US dollars per GPU and hour';

insert into cloudgpus.schema_migrations (id) values ('0007_reference_history');
