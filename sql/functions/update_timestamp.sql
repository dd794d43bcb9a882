create or replace function cloudgpus.update_timestamp() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    -- A trigger without arguments has null for tg_argv, and anything minus null is null.
    if to_jsonb(new) - 'updated_at' - coalesce(tg_argv, '{}')
        is distinct from to_jsonb(old) - 'updated_at' - coalesce(tg_argv, '{}')
    then
        new.updated_at := now();
    else
        new.updated_at := old.updated_at;
    end if;
    return new;
end $$;

comment on function cloudgpus.update_timestamp() is
    'Move updated_at when a column changed that is not among the trigger''s arguments';
