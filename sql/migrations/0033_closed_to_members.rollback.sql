do $$
declare
    member text;
    name regprocedure;
    type regtype;
begin
    for member in select rolname from pg_catalog.pg_roles where rolname = 'service_role' loop
        execute format('grant all on all tables in schema cloudgpus to %I', member);
        execute format('grant execute on all functions in schema cloudgpus to %I', member);
        execute format('alter default privileges in schema cloudgpus grant all on tables to %I', member);
    end loop;

    for type in
        select oid from pg_catalog.pg_type where typnamespace = 'cloudgpus'::regnamespace and typtype in ('e', 'd')
    loop
        for member in select rolname from pg_catalog.pg_roles where rolname = 'service_role' loop
            execute format('revoke usage on type %s from %I', type, member);
        end loop;
        execute format('grant usage on type %s to public', type);
    end loop;

    -- As PostgreSQL has it, where refuse_large_objects() changed it.
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

    execute replace(
        pg_get_functiondef('cloudgpus.detach_price_history(date)'::regprocedure),
        '    lock table cloudgpus.price_history in access exclusive mode;
',
        '    perform pg_advisory_xact_lock(hashtextextended(''cloudgpus.price_history'', 0));
    lock table cloudgpus.price_history in access exclusive mode;
'
    );
end $$;

create or replace function cloudgpus.ensure_price_history_partitions(first timestamptz, last timestamptz) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    month timestamp := date_trunc('month', first at time zone 'UTC');
    partition text;
    created integer := 0;
begin
    while month <= last at time zone 'UTC' loop
        partition := to_char(month, '"price_history_"YYYY"_"MM');
        if to_regclass(format('cloudgpus.%I', partition)) is null then
            -- Two runs in a new month: the second finds it made.
            perform pg_advisory_xact_lock(hashtextextended('cloudgpus.price_history', 0));
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
                created := created + 1;
            end if;
        end if;
        month := month + interval '1 month';
    end loop;
    return created;
end $$;

drop function cloudgpus.refuse_large_objects();

delete from cloudgpus.schema_migrations where id = '0033_closed_to_members';
