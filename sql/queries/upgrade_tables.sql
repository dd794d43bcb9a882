-- Note the tables whose rows are copied; of a partitioned table, its partitions.  Bookkeeping is left out: each version has
-- its own schema_migrations, and the version before had no schema_functions.
-- params: none
-- row: none
insert into pg_temp.restore_tables (name)
select relname
from pg_catalog.pg_class
where relnamespace = to_regnamespace('cloudgpus_before')
    and relkind = 'r'
    and relname <> 'schema_migrations';
