-- Whether the bookkeeping of migrations exists here.
-- params: none
-- row: _Bookkeeping (exists)
select
    exists (
        select
        from pg_catalog.pg_class as kept
        inner join pg_catalog.pg_namespace as namespace on namespace.oid = kept.relnamespace
        where namespace.nspname = 'cloudgpus'
            and kept.relname = 'schema_migrations'
    ) as exists;
