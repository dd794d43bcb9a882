-- Write benchmark results; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into gpu_benchmarks as known (
    gpu_model_id,
    workload_type,
    benchmark_name,
    score,
    score_unit,
    batch_size,
    precision,
    model_name,
    framework,
    source_url,
    notes
)
select
    gpu_models.id,
    seed.workload_type,
    seed.benchmark_name,
    seed.score,
    seed.score_unit,
    seed.batch_size,
    seed.precision,
    seed.model_name,
    seed.framework,
    seed.source_url,
    seed.notes
from jsonb_to_recordset(%(rows)s::jsonb) as seed (
    gpu_slug text,
    workload_type benchmark_workload,
    benchmark_name text,
    score numeric,
    score_unit text,
    batch_size integer,
    precision text,
    model_name text,
    framework text,
    source_url text,
    notes text
)
join gpu_models on gpu_models.slug = seed.gpu_slug
on conflict (gpu_model_id, workload_type, benchmark_name, precision) do update set
    score = excluded.score,
    score_unit = excluded.score_unit,
    batch_size = excluded.batch_size,
    model_name = excluded.model_name,
    framework = excluded.framework,
    source_url = excluded.source_url,
    notes = excluded.notes
where (
    known.score,
    known.score_unit,
    known.batch_size,
    known.model_name,
    known.framework,
    known.source_url,
    known.notes
) is distinct from (
    excluded.score,
    excluded.score_unit,
    excluded.batch_size,
    excluded.model_name,
    excluded.framework,
    excluded.source_url,
    excluded.notes
);
