-- Fail unless each table has the rows that it had before: as many, and with the same checksum over all columns, generated
-- ones included.
-- params: none
-- row: none
do $$
declare
    compared record;
    rows bigint;
    checksum numeric;
    expected bigint;
    expected_checksum numeric;
begin
    for compared in
        select
            named.name,
            string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns
        from pg_temp.restore_tables as named
        inner join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = format('cloudgpus.%I', named.name)::regclass
        where attribute.attnum > 0
            and not attribute.attisdropped
        group by named.name
        order by named.name
    loop
        execute format(
            'select count(*), sum(hashtextextended(row(%s)::text, 0)) from cloudgpus.%I', compared.columns, compared.name
        ) into rows, checksum;
        execute format(
            'select count(*), sum(hashtextextended(row(%s)::text, 0)) from cloudgpus_before.%I',
            compared.columns, compared.name
        ) into expected, expected_checksum;
        if (rows, checksum) is distinct from (expected, expected_checksum) then
            raise exception 'table % is not as it was: % rows, expected %', compared.name, rows, expected;
        end if;
    end loop;
end $$;
