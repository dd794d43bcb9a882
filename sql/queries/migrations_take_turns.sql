-- Waits until no other migration runs, until the end of the transaction, and says whether any ever ran here.
-- params: none
-- row: Bookkeeping (exists)
with turn as materialized (
    select pg_advisory_xact_lock(hashtextextended('cloudgpus.migrations', 0))
)
select to_regclass('cloudgpus.schema_migrations') is not null as exists
from turn;
