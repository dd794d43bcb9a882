-- Waits until no other run of this provider is being stored, until the end of the transaction.
-- params: provider (text)
-- row: none
select pg_advisory_xact_lock(hashtextextended('cloudgpus.store.' || %(provider)s::text, 0));
