-- What members of service_role, anon and authenticated may not do: run anything as the owner, write what the project
-- notes of itself, take its turns, or fill the disk with large objects.

-- Rows are the service's to read and write.  A trigger, a rule of references or a truncation is not: a trigger's
-- function runs as whoever writes next, the owner too.
do $$
declare
    relation record;
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        return;
    end if;
    for relation in
        select
            oid::regclass as name,
            case
                -- A month is written through its table, which keeps the daily prices.
                when relname ~ '^price_history_' or relkind in ('v', 'm') then 'select'
                -- What was migrated, what a rollback removes, which files a build keeps.
                when relname in ('schema_migrations', 'project_objects', 'builds', 'built_pages') then 'select'
                else 'select, insert, update, delete'
            end as privileges
        from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p', 'v', 'm')
    loop
        execute format('revoke all on %s from service_role', relation.name);
        execute format('grant %s on %s to service_role', relation.privileges, relation.name);
    end loop;
    alter default privileges in schema cloudgpus revoke all on tables from service_role;
    alter default privileges in schema cloudgpus grant select, insert, update, delete on tables to service_role;
end $$;

-- Of the functions, those that read, and those that storing a run needs.
do $$
declare
    function record;
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        return;
    end if;
    for function in
        select oid::regprocedure as name
        from pg_catalog.pg_proc
        where pronamespace = 'cloudgpus'::regnamespace
            and (
                prorettype = 'trigger'::regtype
                or proname in (
                    'adopt_price_points', 'compact_price_history', 'detach_price_history', 'price_points_months'
                )
            )
    loop
        execute format('revoke execute on function %s from service_role', function.name);
    end loop;
end $$;

-- A table or a function of somebody's own that is made with a type of ours would keep us from changing it.
do $$
declare
    type regtype;
begin
    for type in
        select oid from pg_catalog.pg_type where typnamespace = 'cloudgpus'::regnamespace and typtype in ('e', 'd')
    loop
        execute format('revoke usage on type %s from public', type);
        if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
            execute format('grant usage on type %s to service_role', type);
        end if;
    end loop;
end $$;

-- Turns are taken by locks on tables, which are not everybody's to take, as advisory locks are.
create or replace function cloudgpus.ensure_price_history_partitions(first timestamptz, last timestamptz) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A date beyond these is no month's: its rows are seen in the default partition.
    month timestamp := date_trunc('month', greatest(first, '2000-01-01Z') at time zone 'UTC');
    ends timestamp := least(last, '2099-12-31Z') at time zone 'UTC';
    partition text;
    created integer := 0;
    member text;
begin
    while month <= ends loop
        partition := to_char(month, '"price_history_"YYYY"_"MM');
        if to_regclass(format('cloudgpus.%I', partition)) is null then
            -- Two runs in a new month: the second finds it made.
            lock table cloudgpus.price_history in access exclusive mode;
            -- Read from the catalogue: to_regclass would answer from what was cached before the wait.
            if not exists (
                select
                from pg_class
                where relname = partition and relnamespace = 'cloudgpus'::regnamespace
            ) then
                -- Storage settings and row-level security don't pass from the table to its partitions.
                execute format(
                    'create table cloudgpus.%I partition of cloudgpus.price_history for values from (%L) to (%L)'
                    ' with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05)',
                    partition,
                    to_char(month, 'YYYY-MM-DD "00:00:00+00"'),
                    to_char(month + interval '1 month', 'YYYY-MM-DD "00:00:00+00"')
                );
                execute format('alter table cloudgpus.%I enable row level security', partition);
                -- Whatever this database grants by default on new tables, not on ours.
                execute format('revoke all on cloudgpus.%I from public', partition);
                for member in
                    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
                loop
                    execute format('revoke all on cloudgpus.%I from %I', partition, member);
                    if member = 'service_role' then
                        execute format('grant select on cloudgpus.%I to %I', partition, member);
                    end if;
                end loop;
                created := created + 1;
            end if;
        end if;
        month := month + interval '1 month';
    end loop;
    return created;
end $$;

do $$
begin
    execute replace(
        pg_get_functiondef('cloudgpus.detach_price_history(date)'::regprocedure),
        '    perform pg_advisory_xact_lock(hashtextextended(''cloudgpus.price_history'', 0));
',
        ''
    );
end $$;

-- PostgreSQL lets everybody keep large objects, which are in no table and in no backup of ours.
create function cloudgpus.refuse_large_objects() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    function regprocedure;
begin
    -- They belong to the database as a whole: where others live in it, and where we may not, they stay as they are.
    if exists (
        select from pg_namespace where nspname not in ('cloudgpus', 'public', 'information_schema') and nspname !~ '^pg_'
    ) then
        return;
    end if;
    for function in
        select oid
        from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
            and (proname ~ '^lo_' or proname in ('loread', 'lowrite'))
            and pg_has_role(proowner, 'usage')
    loop
        execute format('revoke execute on function %s from public', function);
    end loop;
end $$;

comment on function cloudgpus.refuse_large_objects() is
    'Takes from the public what keeps large objects in this database, where the project is alone in it and the user may';

revoke execute on function cloudgpus.refuse_large_objects() from public;
do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        revoke execute on function cloudgpus.refuse_large_objects() from service_role;
    end if;
end $$;

select cloudgpus.refuse_large_objects();

insert into cloudgpus.schema_migrations (id) values ('0033_closed_to_members');
