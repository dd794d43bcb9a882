-- Note the checksum of a migration that was just applied.
-- params: id (text), checksum (text)
-- row: none
update cloudgpus.schema_migrations
set checksum = %(checksum)s
where id = %(id)s;
