create or replace function cloudgpus.note_moved_evidence() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    insert into cloudgpus.moved_slices (slice)
    select distinct 'histories:' || provider.slug || '/' || gpu.slug
    from cloudgpus.price_history as priced
    inner join cloudgpus.providers as provider on provider.id = priced.provider_id
    inner join cloudgpus.gpu_models as gpu on gpu.id = priced.gpu_model_id
    where priced.scrape_job_id in (
        (to_jsonb(old) ->> tg_argv[0])::uuid,
        (to_jsonb(new) ->> tg_argv[0])::uuid
    );
    return null;
end $$;

comment on function cloudgpus.note_moved_evidence() is
    'Note which price histories move where a job, or a recording, was read elsewhere. Argument: the column with the job';
