create or replace function cloudgpus.name_gpu(
    stated text, spelling text, memory numeric, gpu text, who text, told jsonb, moment timestamptz
) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    meant uuid := (select id from cloudgpus.gpu_models where slug = gpu);
begin
    if not cloudgpus.is_at_desk(who) then
        raise exception '"%" may not name GPUs: expected an active editor', who;
    end if;
    if meant is null then
        raise exception 'no GPU has the slug "%"', gpu;
    end if;
    if not exists (select from cloudgpus.unmapped_gpu_names where gpu_name = stated) then
        raise exception '"%" is not an unknown name', stated;
    end if;
    insert into cloudgpus.gpu_aliases (alias, memory_gb, gpu_model_id)
    values (spelling, memory, meant)
    on conflict do nothing;
    if not exists (
        select
        from cloudgpus.gpu_aliases
        where alias = spelling
            and memory_gb is not distinct from memory
            and gpu_model_id = meant
    ) then
        raise exception '"%" means another GPU already', spelling;
    end if;
    insert into cloudgpus.audit_log (at, actor, action, object, detail) values (moment, who, 'map_name', stated, told);
end $$;

comment on function cloudgpus.name_gpu(text, text, numeric, text, text, jsonb, timestamptz) is
    'Say which GPU an unknown name means (its normalised spelling, with the memory for which that is so, or null), with '
    'the row of the audit log';
