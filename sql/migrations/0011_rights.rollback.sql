do $$
declare
    guarded record;
    grantee text;
    name regprocedure;
begin
    for guarded in select tablename, policyname from pg_catalog.pg_policies where schemaname = 'cloudgpus' loop
        execute format('drop policy %I on cloudgpus.%I', guarded.policyname, guarded.tablename);
    end loop;
    for guarded in
        select relname from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace and relrowsecurity
            and (not relispartition or relname = 'price_history_default')
    loop
        execute format('alter table cloudgpus.%I disable row level security', guarded.relname);
    end loop;

    for guarded in
        select oid::regtype as type
        from pg_catalog.pg_type
        where typnamespace = 'cloudgpus'::regnamespace and typtype in ('e', 'd')
    loop
        execute format('grant usage on type %s to public', guarded.type);
    end loop;

    for grantee in
        select rolname from pg_catalog.pg_roles
        where rolname in ('anon', 'authenticated', 'postgres', 'service_role') and rolname <> current_user
    loop
        execute format('alter default privileges in schema cloudgpus revoke all on tables from %I', grantee);
        execute format('alter default privileges in schema cloudgpus revoke all on sequences from %I', grantee);
        execute format('alter default privileges in schema cloudgpus revoke all on functions from %I', grantee);
        execute format('revoke all on all tables in schema cloudgpus from %I', grantee);
        execute format('revoke all on all sequences in schema cloudgpus from %I', grantee);
        execute format('revoke all on all functions in schema cloudgpus from %I', grantee);
        for guarded in
            select oid::regtype as type
            from pg_catalog.pg_type
            where typnamespace = 'cloudgpus'::regnamespace and typtype in ('e', 'd')
        loop
            execute format('revoke usage on type %s from %I', guarded.type, grantee);
        end loop;
        execute format('revoke all on schema cloudgpus from %I', grantee);
    end loop;

    -- Back to PostgreSQL's defaults, where refuse_large_objects() changed them.
    if not exists (
        select from pg_catalog.pg_namespace
        where nspname not in ('cloudgpus', 'public', 'information_schema') and nspname !~ '^pg_'
    ) then
        for name in
            select oid
            from pg_catalog.pg_proc
            where pronamespace = 'pg_catalog'::regnamespace
                and (proname ~ '^lo_' or proname in ('loread', 'lowrite'))
                and proname not in ('lo_import', 'lo_export')
                and pg_has_role(proowner, 'usage')
        loop
            execute format('grant execute on function %s to public', name);
        end loop;
    end if;

    -- Roles belong to the whole server: one with grants in another database stays.
    for grantee in select project_objects.name from cloudgpus.project_objects where kind = 'role' loop
        begin
            execute format('drop role if exists %I', grantee);
        exception when dependent_objects_still_exist or insufficient_privilege then
            raise notice 'role % stays: %', grantee, sqlerrm;
        end;
    end loop;
    delete from cloudgpus.project_objects where kind = 'role';
end $$;

delete from cloudgpus.schema_migrations where id = '0011_rights';
