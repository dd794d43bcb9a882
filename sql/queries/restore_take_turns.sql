-- Waits for whoever migrates or backs up, at most a minute for all who use the tables; psql runs it.
-- params: none
-- row: none
do $$
begin
    perform set_config('lock_timeout', '60s', true);
    perform
        pg_advisory_xact_lock(hashtextextended('cloudgpus.migrations', 0)),
        pg_advisory_xact_lock(hashtextextended('cloudgpus.backup', 0));
end $$;
