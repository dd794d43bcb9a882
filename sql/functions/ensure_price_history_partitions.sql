-- Callers take turns by a lock on a table: anybody could take an advisory lock.
create or replace function cloudgpus.ensure_price_history_partitions(first timestamptz, last timestamptz) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A date beyond these gets no partition: its rows show up in the default partition.
    month timestamp := date_trunc('month', greatest(first, '2000-01-01Z') at time zone 'UTC');
    ends timestamp := least(last, '2099-12-31Z') at time zone 'UTC';
    partition text;
    created integer := 0;
    member text;
begin
    while month <= ends loop
        partition := to_char(month, '"price_history_"YYYY"_"MM');
        if to_regclass(format('cloudgpus.%I', partition)) is null then
            -- Of two runs in a new month, the second finds the partition made.
            lock table cloudgpus.price_history in access exclusive mode;
            -- Read from pg_class: to_regclass would answer from what was cached before the wait.
            if not exists (
                select
                from pg_class
                where relname = partition and relnamespace = 'cloudgpus'::regnamespace
            ) then
                -- A partition does not inherit its table's storage settings and row-level security.
                execute format(
                    'create table cloudgpus.%I partition of cloudgpus.price_history for values from (%L) to (%L)'
                    ' with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05)',
                    partition,
                    to_char(month, 'YYYY-MM-DD "00:00:00+00"'),
                    to_char(month + interval '1 month', 'YYYY-MM-DD "00:00:00+00"')
                );
                execute format('alter table cloudgpus.%I enable row level security', partition);
                -- Whatever this database grants by default on new tables is revoked on ours.
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

comment on function cloudgpus.ensure_price_history_partitions(timestamptz, timestamptz) is
    'Make the missing monthly partitions from first to last, both included; how many were made';
