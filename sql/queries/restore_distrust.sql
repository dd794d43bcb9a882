-- After the checks: where only some tables were restored, the next build trusts nothing that it noted before.
-- params: none
-- row: none
do $$
begin
    if not exists (select from pg_temp.restore_tables where name = 'moved_slices') then
        insert into cloudgpus.moved_slices (slice) values ('everything');
        update cloudgpus.builds set revision = null where revision is not null;
    end if;
end $$;
