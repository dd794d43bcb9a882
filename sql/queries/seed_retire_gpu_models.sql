-- Retire the GPU models that the seeds no longer have; history may refer to them, so they stay.
-- params: slugs (text[])
-- row: none
update gpu_models
set is_active = false
where is_active and slug <> all (%(slugs)s);
