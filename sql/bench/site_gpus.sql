-- Insert made-up GPUs, with the specifications and texts of the seeds' GPUs of 48 to 96 GB: so much alike that any two
-- that share enough providers are compared.  The seeds' own are retired, since nobody sells them here.
-- params: members (integer)
-- row: none
with retired as (
    update cloudgpus.gpu_models
    set is_active = false
    where is_active
),

models as (
    select
        gpu.*,
        row_number() over (order by gpu.slug) - 1 as place,
        count(*) over () as models_n
    from cloudgpus.gpu_models as gpu
    where gpu.kind = 'variant' and gpu.vram_gb between 48 and 96
)

insert into cloudgpus.gpu_models (
    id,
    slug,
    name,
    short_name,
    manufacturer,
    architecture,
    vram_gb,
    memory_type,
    memory_bandwidth_gbps,
    tdp_watts,
    fp64_tflops,
    fp32_tflops,
    fp16_tflops,
    fp8_tflops,
    int8_tops,
    form_factor,
    interconnect,
    is_datacenter,
    is_consumer,
    generation_year,
    description,
    use_cases,
    spec_source,
    notes
)
select
    md5('gpu ' || number)::uuid,
    model.slug || '-' || number,
    model.name || ' ' || number,
    model.short_name || ' ' || number,
    model.manufacturer,
    model.architecture,
    model.vram_gb,
    model.memory_type,
    model.memory_bandwidth_gbps,
    model.tdp_watts,
    model.fp64_tflops,
    model.fp32_tflops,
    model.fp16_tflops,
    model.fp8_tflops,
    model.int8_tops,
    model.form_factor,
    model.interconnect,
    model.is_datacenter,
    model.is_consumer,
    model.generation_year,
    model.description,
    model.use_cases,
    model.spec_source,
    model.notes
from generate_series(0, %(members)s::integer - 1) as number
inner join models as model on model.place = number %% model.models_n;
