-- The tables whose rows go over, of a partitioned one its partitions.  Left out is what each version notes of itself:
-- schema_migrations has its own, schema_functions was not there.
-- params: none
-- row: none
insert into pg_temp.restore_tables (name)
select relname
from pg_catalog.pg_class
where relnamespace = to_regnamespace('cloudgpus_before')
    and relkind = 'r'
    and relname <> 'schema_migrations';
