-- Which seed of price readings the table holds, by its note in the table's comment, if all its rows are still there.
-- params: none
-- row: LoadedReadings (sha256: "" where the table holds none)
select
    coalesce(substring(obj_description('reference_history'::regclass, 'pg_class') from 'seed ([0-9a-f]{64})'), '') as sha256,
    coalesce(
        substring(obj_description('reference_history'::regclass, 'pg_class') from '([0-9]+) readings')::bigint
            = (select count(*) from reference_history),
        false
    ) as is_whole;
