-- Fail unless each table has the rows that it had when the dump was made.
-- params: none
-- row: none
do $$
declare
    found record;
begin
    for found in
        select expected.name, expected.rows as expected, restored.rows
        from pg_temp.restore_expected as expected
        left join pg_temp.backup_fingerprints as restored on restored.name = expected.name
        where (restored.rows, restored.checksum) is distinct from (expected.rows, expected.checksum)
        order by expected.name
        limit 1
    loop
        raise exception 'table % is not as it was when it was dumped: % rows, expected %',
            found.name, coalesce(found.rows::text, 'no'), found.expected;
    end loop;
end $$;
