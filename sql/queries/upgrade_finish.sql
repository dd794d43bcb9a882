-- Drop the schema of the version before, and update the planner's statistics.
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
