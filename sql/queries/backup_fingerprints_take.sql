-- Take the fingerprint of each table and partition of the schema; psql runs it too.
-- The checksum adds up the hashes of all rows as text: the same in any order, whatever the server's settings.
-- params: none
-- row: none
do $$
declare
    found record;
begin
    perform
        set_config('timezone', 'UTC', true),
        set_config('datestyle', 'ISO, YMD', true),
        set_config('intervalstyle', 'postgres', true),
        set_config('bytea_output', 'hex', true),
        set_config('extra_float_digits', '1', true),
        set_config('lc_monetary', 'C', true);
    for found in
        select
            class.oid,
            class.relname as name,
            (select relname from pg_catalog.pg_class where oid = coalesce(pg_partition_root(class.oid), class.oid)) as root
        from pg_catalog.pg_class as class
        where class.relnamespace = to_regnamespace('cloudgpus') and class.relkind = 'r' and class.relpersistence = 'p'
    loop
        execute format(
            'insert into pg_temp.backup_fingerprints (name, root, rows, checksum)'
            ' select %L, %L, count(*), coalesce(sum(hashtextextended(whole::text, 0)), 0)::text from %s as whole',
            found.name, found.root, found.oid::regclass
        );
    end loop;
end $$;
