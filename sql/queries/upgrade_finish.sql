-- Drops the schema of the version before, and counts anew what plans are made by.
-- params: none
-- row: none
do $$
declare
    copied text;
begin
    drop schema cloudgpus_before cascade;
    for copied in select name from pg_temp.restore_tables loop
        execute format('analyze cloudgpus.%I', copied);
    end loop;
end $$;
