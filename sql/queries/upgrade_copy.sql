-- Copy the rows of the tables in restore_tables, by column name, and advance their sequences; generated columns are
-- computed again.  The schema's enums are new types, so their values are copied as text.
-- params: none
-- row: none
do $$
declare
    copied record;
    counter record;
begin
    for copied in
        select
            named.name,
            string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns,
            string_agg(
                quote_ident(attribute.attname)
                || case when type.typtype = 'e' then format('::text::cloudgpus.%I', type.typname) else '' end,
                ', ' order by attribute.attnum
            ) as values
        from pg_temp.restore_tables as named
        inner join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = format('cloudgpus.%I', named.name)::regclass
        inner join pg_catalog.pg_type as type on type.oid = attribute.atttypid
        where attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attgenerated = ''
        group by named.name
    loop
        execute format(
            'insert into cloudgpus.%1$I (%2$s) overriding system value select %3$s from cloudgpus_before.%1$I',
            copied.name, copied.columns, copied.values
        );
    end loop;

    for counter in
        select
            sequence.oid::regclass as made,
            format('cloudgpus_before.%I', sequence.relname) as before
        from pg_catalog.pg_class as sequence
        where sequence.relnamespace = 'cloudgpus'::regnamespace
            and sequence.relkind = 'S'
            and to_regclass(format('cloudgpus_before.%I', sequence.relname)) is not null
    loop
        execute format('select setval(%L, last_value, is_called) from %s', counter.made, counter.before);
    end loop;
end $$;
