-- Drop the schema and make the roles that the dump grants to; psql runs it before the dump's statements.
-- params: none
-- row: none
do $$
declare
    wanted text;
begin
    drop schema if exists cloudgpus cascade;
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            execute format('create role %I nologin noinherit', wanted);
            if wanted = 'service_role' and (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
                alter role service_role bypassrls;
            end if;
        end if;
    end loop;
    foreach wanted in array array['cloudgpus_ci', 'cloudgpus_editor'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            execute format('create role %I nologin', wanted);
        end if;
    end loop;
exception when insufficient_privilege then
    raise exception '"%" may not replace the schema cloudgpus: %', current_user, sqlerrm;
end $$;
