-- Keeps the schema of the version before under another name, beside the one to come.
-- params: none
-- row: none
do $$
declare
    owner text := (select pg_get_userbyid(nspowner) from pg_catalog.pg_namespace where nspname = 'cloudgpus');
begin
    if owner <> current_user then
        raise exception 'the schema cloudgpus belongs to "%", expected its owner, not "%"', owner, current_user;
    end if;
    alter schema cloudgpus rename to cloudgpus_before;
end $$;
