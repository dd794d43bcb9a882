-- Wait until no other migration runs here, and hold the turn until the end of the transaction.
-- params: none
-- row: none
do $$
begin
    -- Anybody can take an advisory lock: it serves until there is a table, which only its owner can lock.
    if to_regclass('cloudgpus.schema_migrations') is null then
        perform pg_advisory_xact_lock(hashtextextended('cloudgpus.migrations', 0));
    end if;
    if exists (
        select
        from pg_catalog.pg_class
        where relnamespace = to_regnamespace('cloudgpus')
            and relname = 'schema_migrations'
    ) then
        lock table cloudgpus.schema_migrations in share row exclusive mode;
    end if;
end $$;
