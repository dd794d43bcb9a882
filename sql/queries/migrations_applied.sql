-- The migrations this database has, oldest first.
-- params: none
-- row: _AppliedRow (id, checksum: null where psql ran it, applied_at)
select
    id,
    checksum,
    applied_at
from cloudgpus.schema_migrations
order by id;
