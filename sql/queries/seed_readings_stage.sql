-- Make a table for price readings that have no GPU id yet; dropped with the transaction.
-- params: none
-- row: none
create temporary table seed_readings (
    source_id smallint not null,
    provider text not null,
    gpu_slug text not null,
    pricing_type text not null,
    price_per_gpu_hour numeric(12, 6) not null,
    observed_at timestamptz not null,
    region text not null,
    gpu_count smallint not null,
    price_basis text not null
) on commit drop;
