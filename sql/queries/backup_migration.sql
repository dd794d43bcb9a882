-- The newest migration of this database.
-- params: none
-- row: _Migration (id)
select id
from cloudgpus.schema_migrations
order by id desc
limit 1;
