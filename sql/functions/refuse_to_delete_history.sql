create or replace function cloudgpus.refuse_to_delete_history() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    what text;
begin
    case tg_table_name
        when 'providers' then
            if exists (select from cloudgpus.price_history where provider_id = old.id)
                or exists (select from cloudgpus.instances where provider_id = old.id)
            then
                what := format('provider "%s" has price history', old.slug);
            elsif exists (select from cloudgpus.scrape_jobs where provider_id = old.id) then
                what := format('provider "%s" has runs on record', old.slug);
            end if;
        when 'gpu_models' then
            if exists (select from cloudgpus.price_history where gpu_model_id = old.id)
                or exists (select from cloudgpus.instances where gpu_model_id = old.id)
                or exists (select from cloudgpus.price_series where gpu_model_id = old.id)
                or exists (select from cloudgpus.reference_history where gpu_model_id = old.id)
            then
                what := format('GPU "%s" has price history', old.slug);
            end if;
    end case;

    if what is not null then
        raise exception '% and is not deleted; retire it instead, with is_active = false', what
            using
                errcode = 'restrict_violation',
                table = tg_table_name,
                schema = tg_table_schema,
                hint = format('update cloudgpus.%I set is_active = false where slug = %L', tg_table_name, old.slug);
    end if;
    return old;
end $$;

comment on function cloudgpus.refuse_to_delete_history() is
    'Refuse to delete a provider or a GPU that has prices or runs, and say how to retire it';
