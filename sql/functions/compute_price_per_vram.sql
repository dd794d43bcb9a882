create or replace function cloudgpus.compute_price_per_vram() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    new.price_per_vram_gb_hour := (
        select cloudgpus.price_per_gpu_hour(new.price_per_hour, new.gpu_count, new.gpu_share) / gpu.vram_gb
        from cloudgpus.gpu_models as gpu
        where gpu.id = new.gpu_model_id
    );
    return new;
end $$;

comment on function cloudgpus.compute_price_per_vram() is
    'Set an offer''s price per GB of GPU memory; null where price or memory is unknown';
