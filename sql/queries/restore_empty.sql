-- Empty the tables of restore_tables: disable their triggers, and note and drop the foreign keys of and to them.
-- A dump with the default partition has all months of price history: newer months are then emptied too.
-- params: none
-- row: none
do $$
declare
    emptied oid[];
    roots oid[];
    missing text;
    found record;
begin
    perform cloudgpus.ensure_price_history_partitions(month, month)
    from pg_temp.restore_tables
    cross join lateral (
        select to_timestamp(right(name, 7) || '-15 +00', 'YYYY_MM-DD TZH') as month
    ) as named
    where name ~ '^price_history_\d{4}_\d{2}$';

    select string_agg(name, ', ' order by name) into missing
    from pg_temp.restore_tables
    where to_regclass(format('cloudgpus.%I', name)) is null;
    if missing is not null then
        raise exception 'the schema has no table %: run build.py db migrate first', missing;
    end if;

    select array_agg(distinct part.oid), array_agg(distinct coalesce(pg_partition_root(part.oid), part.oid)::oid)
    into emptied, roots
    from pg_temp.restore_tables as named
    cross join lateral (
        select format('cloudgpus.%I', named.name)::regclass::oid as oid
        union
        select relid::oid
        from pg_partition_tree(case when named.name ~ '_default$' then pg_partition_root(format('cloudgpus.%I', named.name)::regclass) end)
        where isleaf
    ) as part;

    for found in
        select conrelid::regclass::text as relation, conname as name, pg_get_constraintdef(oid) as definition
        from pg_catalog.pg_constraint
        where contype = 'f' and conparentid = 0 and (conrelid = any (emptied || roots) or confrelid = any (emptied || roots))
    loop
        insert into pg_temp.restore_keys values (found.relation, found.name, found.definition);
        execute format('alter table %s drop constraint %I', found.relation, found.name);
    end loop;

    for found in select distinct unnest(emptied || roots)::regclass as relation loop
        execute format('alter table %s disable trigger user', found.relation);
    end loop;
    execute 'truncate ' || (select string_agg(emptied_one::regclass::text, ', ') from unnest(emptied) as emptied_one);
end $$;
