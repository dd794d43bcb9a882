-- The migrations applied here, oldest first.
-- params: none
-- row: _AppliedRow (id, checksum: null where psql applied it, applied_at)
select
    id,
    checksum,
    applied_at
from cloudgpus.schema_migrations
order by id;
