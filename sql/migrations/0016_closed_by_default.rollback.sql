do $$
declare
    bound record;
begin
    for bound in
        select oid::regprocedure as name
        from pg_catalog.pg_proc
        where pronamespace = 'cloudgpus'::regnamespace
            and 'search_path=cloudgpus, pg_temp' = any (proconfig)
    loop
        execute format('alter function %s reset search_path', bound.name);
    end loop;

    -- One that may not pass row-level security had its policies before.
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role' and rolbypassrls) then
        for bound in select tablename from pg_catalog.pg_policies where schemaname = 'cloudgpus' and policyname = 'service' loop
            execute format('drop policy service on cloudgpus.%I', bound.tablename);
        end loop;
    end if;
end $$;

delete from cloudgpus.schema_migrations where id = '0016_closed_by_default';
