-- GPU models, the names they are sold under, and benchmark results.

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
    constraint gpu_variant_has_memory check (kind = 'chip' or (vram_gb is not null and memory_type is not null)),
    constraint gpu_models_slug_is_an_address check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    constraint gpu_models_names_are_there check (name ~ '\S' and short_name ~ '\S'),
    constraint gpu_models_numbers check ('NaN' <> all (array[
        fp64_tflops, fp32_tflops, fp16_tflops, fp8_tflops, int8_tops, fp16_sparse_tflops, fp8_sparse_tflops, fp16_acc16_tflops
    ]))
);

create index idx_gpu_models_architecture on cloudgpus.gpu_models (architecture);
create index idx_gpu_models_vram on cloudgpus.gpu_models (vram_gb);
create index idx_gpu_models_slug on cloudgpus.gpu_models (slug);
create index idx_gpu_models_chip on cloudgpus.gpu_models (chip);

comment on table cloudgpus.gpu_models is 'GPU variants (chip, form factor and memory) and chips, with their specifications';
comment on column cloudgpus.gpu_models.slug is 'As in the page''s path: /gpu/h100-sxm/';
comment on column cloudgpus.gpu_models.short_name is 'For tables and headings: H100 SXM';
comment on column cloudgpus.gpu_models.manufacturer is 'The vendor, who makes the GPU';
comment on column cloudgpus.gpu_models.kind is
    'variant: a product one can rent; chip: for offers that name the chip but not its form factor';
comment on column cloudgpus.gpu_models.chip is 'Slug of the chip: the same for all its variants, and for the chip itself';
comment on column cloudgpus.gpu_models.vram_gb is 'Usable GB of one GPU; null only for a chip sold with several sizes';
comment on column cloudgpus.gpu_models.memory_bandwidth_gbps is 'GB per second, of one GPU';
comment on column cloudgpus.gpu_models.tdp_watts is 'Watts, of one GPU';
comment on column cloudgpus.gpu_models.fp64_tflops is 'Peak TFLOPS of one GPU, without tensor cores';
comment on column cloudgpus.gpu_models.fp32_tflops is 'Peak TFLOPS of one GPU, without tensor cores';
comment on column cloudgpus.gpu_models.fp16_tflops is 'Peak tensor TFLOPS of one GPU: dense, accumulating in FP32';
comment on column cloudgpus.gpu_models.fp8_tflops is 'Peak tensor TFLOPS of one GPU: dense, accumulating in FP32';
comment on column cloudgpus.gpu_models.int8_tops is 'Peak tensor TOPS of one GPU: dense';
comment on column cloudgpus.gpu_models.fp16_sparse_tflops is 'With structured sparsity, only where the vendor states it';
comment on column cloudgpus.gpu_models.fp8_sparse_tflops is 'With structured sparsity, only where the vendor states it';
comment on column cloudgpus.gpu_models.fp16_acc16_tflops is 'Dense, accumulating in FP16, only where the vendor states it';
comment on column cloudgpus.gpu_models.spec_source is 'The document the specifications are from';
comment on column cloudgpus.gpu_models.is_active is 'False: retired; rows that history refers to are never deleted';

create table cloudgpus.gpu_aliases (
    alias text not null,
    memory_gb numeric(8,2),
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    constraint gpu_aliases_unique unique nulls not distinct (alias, memory_gb),
    constraint gpu_aliases_not_empty check (alias <> ''),
    constraint gpu_aliases_numbers check (memory_gb <> 'NaN')
);

create index idx_gpu_aliases_gpu on cloudgpus.gpu_aliases (gpu_model_id);

comment on table cloudgpus.gpu_aliases is 'The names under which providers sell each GPU';
comment on column cloudgpus.gpu_aliases.alias is 'The name in its normalised spelling';
comment on column cloudgpus.gpu_aliases.memory_gb is 'The alias means this GPU only where the offer states this memory; null: always';

create table cloudgpus.gpu_benchmarks (
    id uuid primary key default gen_random_uuid(),

    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    workload_type cloudgpus.benchmark_workload not null,
    benchmark_name varchar(100) not null,
    benchmark_version varchar(20),

    score numeric(12,2),
    score_unit varchar(50),
    latency_ms numeric(10,2),
    throughput numeric(12,2),
    throughput_unit varchar(50),

    batch_size integer,
    precision varchar(10),
    model_name varchar(100),
    framework varchar(50),

    test_date date,
    source_url varchar(500),
    notes text,

    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint gpu_benchmarks_unique
        unique nulls not distinct (gpu_model_id, workload_type, benchmark_name, precision),
    constraint gpu_benchmarks_numbers check ('NaN' <> all (array[score, throughput, latency_ms]))
);

create index idx_gpu_benchmarks_gpu on cloudgpus.gpu_benchmarks (gpu_model_id);
create index idx_gpu_benchmarks_workload on cloudgpus.gpu_benchmarks (workload_type);

comment on table cloudgpus.gpu_benchmarks is 'Published benchmark results, with their source';
comment on column cloudgpus.gpu_benchmarks.precision is 'FP16, FP8, ...; null where the source does not say: one such result at most';

create trigger update_gpu_models_timestamp
    before update on cloudgpus.gpu_models
    for each row execute function cloudgpus.update_timestamp();

create trigger update_gpu_benchmarks_timestamp
    before update on cloudgpus.gpu_benchmarks
    for each row execute function cloudgpus.update_timestamp();

insert into cloudgpus.schema_migrations (id) values ('0002_gpus');
