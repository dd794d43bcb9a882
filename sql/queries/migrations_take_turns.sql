-- Waits until no other migration runs here, until the end of the transaction.
-- params: none
-- row: none
select pg_advisory_xact_lock(hashtextextended('cloudgpus.migrations', 0));
