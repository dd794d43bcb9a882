-- Every GPU variant and chip in use, with its specs.
-- params: slugs (text[]; null for all)
-- row: GpuRow (memory in GB, bandwidth in GB/s, dense TFLOPS with FP32 accumulate)
select
    id::text,
    slug,
    name,
    short_name,
    manufacturer,
    architecture::text,
    kind,
    chip,
    vram_gb,
    memory_type,
    memory_bandwidth_gbps,
    tdp_watts,
    fp64_tflops,
    fp32_tflops,
    fp16_tflops,
    fp8_tflops,
    int8_tops,
    fp16_sparse_tflops,
    fp8_sparse_tflops,
    form_factor,
    interconnect,
    is_datacenter,
    is_consumer,
    generation_year,
    description,
    coalesce(use_cases, '{}') as use_cases,
    spec_source,
    notes
from gpu_models
where is_active
    and (%(slugs)s::text[] is null or slug = any(%(slugs)s))
order by slug;
