-- Revoke the public's right to large objects, as the migration does, which a restore does not run; psql runs it.
-- params: none
-- row: none
do $$
begin
    if to_regprocedure('cloudgpus.refuse_large_objects()') is not null then
        perform cloudgpus.refuse_large_objects();
    end if;
end $$;
