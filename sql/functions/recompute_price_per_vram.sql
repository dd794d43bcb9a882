create or replace function cloudgpus.recompute_price_per_vram() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    update cloudgpus.instances
    set price_per_vram_gb_hour = price_per_gpu_hour / new.vram_gb
    where gpu_model_id = new.id;
    return null;
end $$;

comment on function cloudgpus.recompute_price_per_vram() is
    'Recompute the prices per GB of a GPU''s offers when its memory size is corrected';
