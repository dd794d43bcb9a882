-- Make a table for the fingerprints that the tables had when the dump was made; psql runs it.
-- params: none
-- row: none
create temporary table if not exists restore_expected (name text primary key, rows bigint, checksum text) on commit drop;
