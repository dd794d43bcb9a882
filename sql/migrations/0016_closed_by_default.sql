-- What no path, no default and no membership opens or bends.

-- Functions that run by themselves, or as their owner, find what they name whatever path the session has: nothing of
-- anybody else's schema, and temporary tables last.  (Functions in plain SQL are read in place of their call, so they
-- follow these.)
do $$
declare
    unbound record;
begin
    for unbound in
        select function.oid::regprocedure as name
        from pg_catalog.pg_proc as function
        inner join pg_catalog.pg_language as language on language.oid = function.prolang
        where function.pronamespace = 'cloudgpus'::regnamespace
            and (language.lanname = 'plpgsql' or function.prosecdef)
            and not exists (select from unnest(function.proconfig) as setting where setting like 'search\_path=%')
    loop
        execute format('alter function %s set search_path = cloudgpus, pg_temp', unbound.name);
    end loop;
end $$;

-- What a database grants by default on every new table was granted on ours too, before the columns that may be read
-- were: of all that, these columns stay.
do $$
declare
    reader text;
    guarded record;
    columns text;
begin
    foreach reader in array array['public', 'anon', 'authenticated'] loop
        continue when reader <> 'public' and not exists (select from pg_catalog.pg_roles where rolname = reader);
        for guarded in
            select oid, relname
            from pg_catalog.pg_class
            where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        loop
            select string_agg(format('%I', kept.attname), ', ' order by kept.attnum)
            into columns
            from pg_catalog.pg_attribute as kept
            cross join lateral aclexplode(kept.attacl) as acl
            where kept.attrelid = guarded.oid
                and acl.grantee = (select oid from pg_catalog.pg_roles where rolname = reader)
                and acl.privilege_type = 'SELECT';

            execute format('revoke all on cloudgpus.%I from %s', guarded.relname, reader);
            continue when reader = 'public';
            if guarded.relname in ('gpu_models', 'gpu_benchmarks') then
                execute format('grant select on cloudgpus.%I to %s', guarded.relname, reader);
            elsif columns is not null then
                execute format('grant select (%s) on cloudgpus.%I to %s', columns, guarded.relname, reader);
            end if;
        end loop;
        execute format('revoke all on all sequences in schema cloudgpus from %s', reader);
        execute format('revoke all on all functions in schema cloudgpus from %s', reader);
        execute format('revoke create on schema cloudgpus from %s', reader);
        execute format('alter default privileges in schema cloudgpus revoke all on tables from %s', reader);
        execute format('alter default privileges in schema cloudgpus revoke all on sequences from %s', reader);
        execute format('alter default privileges in schema cloudgpus revoke all on functions from %s', reader);
    end loop;
end $$;

-- Passing row-level security is not inherited: a user who logs in and is a member of service_role needs policies.
do $$
declare
    guarded text;
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        for guarded in
            select relname from pg_catalog.pg_class
            where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p') and not relispartition
                and not exists (select from pg_catalog.pg_policy where polrelid = pg_class.oid and polname = 'service')
        loop
            execute format('create policy service on cloudgpus.%I to service_role using (true) with check (true)', guarded);
        end loop;
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0016_closed_by_default');
