-- Make the detached months of price_history, under their old names, for their rows to go into.
-- params: none
-- row: none
do $$
declare
    detached record;
    month timestamptz;
    made text;
begin
    for detached in
        select
            oid,
            relname as name,
            obj_description(oid, 'pg_class') as comment
        from pg_catalog.pg_class
        where relnamespace = 'cloudgpus_before'::regnamespace
            and relkind = 'r'
            and relname ~ '^price_history_\d{4}_\d{2}_detached'
        order by relname
    loop
        made := left(detached.name, 21);
        month := to_timestamp(right(made, 7) || '-15 +00', 'YYYY_MM-DD TZH');
        perform cloudgpus.ensure_price_history_partitions(month, month);
        execute format('alter table cloudgpus.price_history detach partition cloudgpus.%I', made);
        execute format('alter table cloudgpus.%I rename to %I', made, detached.name);
        execute format('comment on table cloudgpus.%I is %L', detached.name, detached.comment);
        if exists (select from pg_catalog.pg_policy where polrelid = detached.oid and polname = 'service') then
            execute format('create policy service on cloudgpus.%I to service_role using (true)', detached.name);
        end if;
    end loop;
end $$;
