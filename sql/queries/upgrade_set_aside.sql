-- Rename the schema of the version before, so that it lies beside the new one.
-- params: none
-- row: none
do $$
declare
    owner text := (select pg_get_userbyid(nspowner) from pg_catalog.pg_namespace where nspname = 'cloudgpus');
begin
    if owner <> current_user then
        raise exception 'the schema cloudgpus belongs to "%", not to "%": upgrade as its owner', owner, current_user;
    end if;
    alter schema cloudgpus rename to cloudgpus_before;
end $$;
