-- Refuses large objects to the public, as the migration does that a restore does not run; psql runs it.
-- params: none
-- row: none
do $$
begin
    if to_regprocedure('cloudgpus.refuse_large_objects()') is not null then
        perform cloudgpus.refuse_large_objects();
    end if;
end $$;
